/*
 * The least SDL program with a window and a text in it: what scope's start is measured against. Shows one frame through
 * the window surface in shared memory, as scope does, and stays until it is killed.
 *
 *   bare_window FONT.ttf
 */
#include <SDL.h>
#include <SDL_ttf.h>
#include <stdio.h>

int main(int argc, char **argv)
{
  SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
  if (argc != 2 || SDL_Init(SDL_INIT_VIDEO) != 0 || TTF_Init() != 0) {
    fprintf(stderr, "bare_window: %s\n", argc == 2 ? SDL_GetError() : "usage: bare_window FONT.ttf");
    return 1;
  }
  SDL_Window *window = SDL_CreateWindow("bare", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, 1280, 720, 0);
  TTF_Font *font = TTF_OpenFont(argv[1], 13);
  SDL_Surface *surface = window ? SDL_GetWindowSurface(window) : NULL;
  SDL_Surface *text = font ? TTF_RenderUTF8_Blended(font, "0123456789", (SDL_Color){255, 255, 255, 255}) : NULL;
  if (!surface || !text) {
    fprintf(stderr, "bare_window: %s\n", SDL_GetError());
    return 1;
  }
  SDL_FillRect(surface, NULL, SDL_MapRGB(surface->format, 20, 40, 60));
  SDL_BlitSurface(text, NULL, surface, &(SDL_Rect){20, 20, 0, 0});
  SDL_UpdateWindowSurface(window);
  SDL_Event event;
  while (SDL_WaitEvent(&event) && event.type != SDL_QUIT)
    if (event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_EXPOSED)
      SDL_UpdateWindowSurface(window);
  return 0;
}

#include "scope/show/sdl_event.h"

#include <math.h>

#include "common/clock.h"

static int key_of(SDL_Keycode sym)
{
  switch (sym) {
  case SDLK_HOME:
    return KEY_HOME;
  case SDLK_DELETE:
    return KEY_DELETE;
  case SDLK_PAGEUP:
    return KEY_PAGE_UP;
  case SDLK_PAGEDOWN:
    return KEY_PAGE_DOWN;
  case SDLK_LEFT:
    return KEY_LEFT;
  case SDLK_RIGHT:
    return KEY_RIGHT;
  case SDLK_UP:
    return KEY_UP;
  case SDLK_DOWN:
    return KEY_DOWN;
  case SDLK_KP_PLUS:
    return '+';
  case SDLK_KP_MINUS:
    return '-';
  case SDLK_KP_ENTER:
    return KEY_ENTER;
  case SDLK_F1:
    return KEY_F1;
  case SDLK_F11:
    return KEY_F11;
  default:
    return (sym & SDLK_SCANCODE_MASK) == 0 ? (int)sym : 0; /* SDL's code of a character is the character */
  }
}

static void add_modifiers(SDL_Keymod mod, struct show_event *to)
{
  to->shift = (mod & KMOD_SHIFT) != 0;
  to->ctrl = (mod & KMOD_CTRL) != 0;
}

static bool translate_key(const SDL_KeyboardEvent *from, struct show_event *to)
{
  const SDL_Keymod mod = (SDL_Keymod)from->keysym.mod;
  *to = (struct show_event){.kind = SHOW_KEY,
                            .key = key_of(from->keysym.sym),
                            .modified = (mod & (KMOD_ALT | KMOD_GUI)) != 0,
                            .repeat = from->repeat != 0};
  add_modifiers(mod, to);
  return true;
}

static bool translate_button(const SDL_MouseButtonEvent *from, double scale, SDL_Keymod mod, struct show_event *to)
{
  static const enum show_button button[] = {
      [SDL_BUTTON_LEFT] = BUTTON_LEFT, [SDL_BUTTON_MIDDLE] = BUTTON_MIDDLE, [SDL_BUTTON_RIGHT] = BUTTON_RIGHT};
  if (from->button < SDL_BUTTON_LEFT || from->button > SDL_BUTTON_RIGHT)
    return false;
  *to = (struct show_event){.kind = from->type == SDL_MOUSEBUTTONDOWN ? SHOW_PRESS : SHOW_RELEASE,
                            .x = (int)floor(from->x * scale),
                            .y = (int)floor(from->y * scale),
                            .button = button[from->button],
                            .moment_ns = (int64_t)from->timestamp * CLOCK_MS_NS};
  add_modifiers(mod, to);
  return true;
}

static bool translate_wheel(const SDL_MouseWheelEvent *from, double scale, SDL_Keymod mod, struct show_event *to)
{
  const double sign = from->direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1;
  *to = (struct show_event){.kind = SHOW_WHEEL,
                            .x = (int)floor(from->mouseX * scale),
                            .y = (int)floor(from->mouseY * scale),
                            .wheel_x = sign * (double)from->preciseX,
                            .wheel_y = sign * (double)from->preciseY};
  add_modifiers(mod, to);
  return true;
}

static bool translate_window(const SDL_WindowEvent *from, struct show_event *to)
{
  switch (from->event) {
  case SDL_WINDOWEVENT_CLOSE:
    *to = (struct show_event){.kind = SHOW_CLOSE};
    return true;
  case SDL_WINDOWEVENT_LEAVE:
    *to = (struct show_event){.kind = SHOW_LEAVE};
    return true;
  case SDL_WINDOWEVENT_HIDDEN:
  case SDL_WINDOWEVENT_MINIMIZED:
    *to = (struct show_event){.kind = SHOW_HIDDEN};
    return true;
  case SDL_WINDOWEVENT_SHOWN:
  case SDL_WINDOWEVENT_RESTORED:
  case SDL_WINDOWEVENT_EXPOSED:
  case SDL_WINDOWEVENT_SIZE_CHANGED:
    *to = (struct show_event){.kind = SHOW_EXPOSED};
    return true;
  default:
    return false;
  }
}

/* What is held down when an event is served may be released again when SDL has read on: it is followed event by event. */
static void follow_modifiers(const SDL_Event *from, SDL_Keymod *held)
{
  if (from->type == SDL_KEYDOWN || from->type == SDL_KEYUP)
    *held = (SDL_Keymod)from->key.keysym.mod;
  else if (from->type == SDL_WINDOWEVENT && from->window.event == SDL_WINDOWEVENT_FOCUS_GAINED)
    *held = SDL_GetModState();
  else if (from->type == SDL_WINDOWEVENT && from->window.event == SDL_WINDOWEVENT_FOCUS_LOST)
    *held = KMOD_NONE;
}

bool sdl_event_translate(const SDL_Event *from, double scale, SDL_Keymod *held, struct show_event *to)
{
  follow_modifiers(from, held);
  const SDL_Keymod mod = *held;
  switch (from->type) {
  case SDL_QUIT:
    *to = (struct show_event){.kind = SHOW_CLOSE};
    return true;
  case SDL_KEYDOWN:
    return translate_key(&from->key, to);
  case SDL_MOUSEBUTTONDOWN:
  case SDL_MOUSEBUTTONUP:
    return translate_button(&from->button, scale, mod, to);
  case SDL_MOUSEMOTION:
    *to = (struct show_event){
        .kind = SHOW_MOVE, .x = (int)floor(from->motion.x * scale), .y = (int)floor(from->motion.y * scale)};
    add_modifiers(mod, to);
    return true;
  case SDL_MOUSEWHEEL:
    return translate_wheel(&from->wheel, scale, mod, to);
  case SDL_WINDOWEVENT:
    return translate_window(&from->window, to);
  default:
    return false;
  }
}

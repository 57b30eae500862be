"""check_stages.py SRC: data flows one way through scope. Fails when a file includes what stands right of its stage.

Each folder of src/scope is a stage; it may include common, itself, and the stages in MAY. What scope, timed and forker
share includes none of them, and no program includes another's files. Of all stages only the ones in SDL know SDL.
A file included by a name without its folder is refused too: it could not be told where it stands.

Nor do modules include each other in a circle: a module is a source with the header of its name, and what it includes,
and what these include in their turn, never comes back to it. What several modules share has a header of its own.
"""
import os
import re
import sys

MAY = {
    "stream": set(),
    "input": {"stream"},
    "store": {"stream"},
    "view": {"stream", "store"},
    "paint": {"view"},
    "show": {"paint"},
}
MAY[""] = set(MAY)  # the files that put the stages together
# Limits that all stages keep to: constants, no data.
FOR_ALL = {"scope/stream/limits.h"}

SDL = {"paint/text.c", "show"}

# What still goes the wrong way: "file includes header". May only shrink.
EXCEPTIONS = {
}

# Circles that are still there, the modules of each. May only shrink.
CIRCLES = [
]


def includes(path):
    with open(path, encoding="utf-8") as source:
        return re.findall(r'^\s*#\s*include\s*([<"])([^">]+)[">]', source.read(), re.MULTILINE)


def stage_of(name):
    """'scope/view/ticks.h' -> 'view'; 'scope/main.c' -> ''."""
    parts = name.split("/")
    return parts[1] if len(parts) > 2 else ""


def find_circles(edges):
    """The sets of modules of which each reaches all others of its set, from {module: {what it includes}}."""
    def reach(start):
        seen, left = set(), [start]
        while left:
            for module in edges.get(left.pop(), ()):
                if module not in seen:
                    seen.add(module)
                    left.append(module)
        return seen
    reached = {module: reach(module) for module in edges}
    circles = {frozenset(other for other in reached[module] if module in reached.get(other, ()))
               for module in edges if module in reached[module]}
    return sorted(map(sorted, circles))


def check_circles(edges):
    found = find_circles(edges)
    wrong = ["a circle: %s" % " ".join(circle) for circle in found if not any(set(circle) <= known for known in CIRCLES)]
    return wrong + ["no longer needed in the list of circles, or smaller now: %s" % " ".join(sorted(known))
                    for known in CIRCLES if sorted(known) not in found]


def check(src):
    wrong, used, count = [], set(), 0
    edges = {}  # between modules: what a source and its header include
    for folder, _, files in os.walk(src):
        for name in sorted(files):
            if not name.endswith((".c", ".h")):
                continue
            count += 1
            path = os.path.join(folder, name)
            file = os.path.relpath(path, src)
            program = file.split("/")[0]
            for quote, header in includes(path):
                if re.match(r"(.*/)?SDL", header) or header == "SDL_ttf.h":
                    stage = stage_of(file)
                    if program != "scope" or not ({stage, file[len("scope/"):]} & SDL):
                        wrong.append("%s knows SDL: %s" % (file, header))
                    continue
                if quote == "<":
                    continue
                module, other = os.path.splitext(file)[0], os.path.splitext(header)[0]
                if module != other:
                    edges.setdefault(module, set()).add(other)
                other = header.split("/")[0]
                if not os.path.exists(os.path.join(src, header)):
                    wrong.append('%s includes "%s": no file of src by that name' % (file, header))
                elif other != program and other != "common":
                    wrong.append("%s includes %s: another program's" % (file, header))
                elif other == "scope":
                    mine, theirs = stage_of(file), stage_of(header)
                    if mine not in MAY:
                        wrong.append("%s: a stage that check_stages.py does not know" % file)
                    elif mine != theirs and theirs not in MAY[mine] and header not in FOR_ALL:
                        edge = "%s includes %s" % (file, header)
                        used.add(edge)
                        if edge not in EXCEPTIONS:
                            wrong.append(edge)
    wrong += ["no longer needed in the list of exceptions: %s" % edge for edge in sorted(set(EXCEPTIONS) - used)]
    return wrong + check_circles(edges), count


def main():
    wrong, count = check(sys.argv[1])
    if count < 10:
        sys.exit("%s: %d sources, that cannot be all" % (sys.argv[1], count))
    for line in wrong:
        print(line)
    print("%d files, %d wrong, %d exceptions, %d circles known" % (count, len(wrong), len(EXCEPTIONS), len(CIRCLES)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

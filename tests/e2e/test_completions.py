"""What bash and zsh offer for a command line that is being typed. zsh is asked on a terminal of its own."""
import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import harness
from harness import PATIENCE_S, Terminal, environment, main, mortal, until

COMPLETIONS = Path(sys.argv.pop(1)).resolve()
KINDS = {"out", "wall", "user", "sys", "maxrss", "spawn"}


class Completion(harness.Test):
    program = "/bin/sh" # names the directory only: nothing is started by harness.Test

    def setUp(self):
        super().setUp()
        (self.directory / "file1").touch()
        (self.directory / "--file").touch()

    def offers(self, line, *expected):
        self.assertEqual(self.complete(line), set(expected), line)

    def offers_options(self, line):
        found = self.complete(line)
        self.assertLessEqual({"--help", "--version"}, found, line)

    def check_forker(self):
        for start in ("--sample ", "--sample=", "-i 1 --sample "):
            self.offers(f"forker {start}", *KINDS)
            self.offers(f"forker {start}s", "sys", "spawn")
            self.offers(f"forker {start}wall,", *(self.listed("wall,", kind) for kind in KINDS - {"wall"}))
            self.offers(f"forker {start}wall,sys,", *(self.listed("wall,sys,", kind)
                                                      for kind in KINDS - {"wall", "sys"}))
            self.offers(f"forker {start}wall,w")
            self.offers(f"forker {start}sys,s", self.listed("sys,", "spawn"))
        self.offers("forker --spawn v", "vfork")
        self.offers("forker --spawn=v", "vfork")
        self.offers_options("forker -")
        self.offers_options("forker -i 1 -q -")
        self.offers_options("forker --spawn=fork -")

    def check_scope(self):
        self.offers("scope --style l", "line")
        self.offers("scope --style=l", "line")
        self.offers_options("scope --title x -")
        self.offers("scope fi", "file1")
        self.offers("scope -- fi", "file1")
        self.offers("scope -- --f", "--file")

    def check_timed(self):
        self.offers("timed --protocol d", "daytime")
        self.offers_options("timed -u -")
        self.offers("timed -- -")


class Bash(Completion):
    def complete(self, line):
        """As bash does it: words end at blanks, and a = is a word of its own, but blanks around it are none of that."""
        words = [part for word in line.split(" ") for part in (re.findall(r"=|[^=]+", word) or [""])]
        script = """
            source "$1" || exit 3
            COMP_WORDS=("${@:3}"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            "_$2" "$2" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
        """
        run = subprocess.run(["bash", "--norc", "-c", script, "bash", str(COMPLETIONS / f"{words[0]}.bash"), words[0],
                              *words], cwd=self.directory, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=PATIENCE_S)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return set(run.stdout.split())

    @staticmethod
    def listed(before, word):
        return before + word

    def test_forker(self):
        self.check_forker()
        self.offers("forker --sample wal,x") # a * or a name that is none changes nothing
        self.offers("forker --sample *,ou", "*,out")

    def test_forker_leaves_the_command_alone(self):
        self.assertLessEqual({"ls", "ln"}, self.complete("forker l"))
        self.assertLessEqual({"ls", "ln"}, self.complete("forker -i 1 -qe 2 --spawn=fork -- l"))
        self.offers("forker -- --f", "--file")
        self.offers("forker -i 1 ls fi", "file1")
        self.offers("forker ls --f", "--file")
        self.offers("forker ls -- --f", "--file")
        self.offers("forker ls --sample wa")
        self.offers("forker -- --spawn v")
        self.offers("forker -i ")
        self.offers("forker -qi ")

    def test_scope(self):
        self.check_scope()
        self.offers("scope -- --style l")
        self.offers("scope --title -- --exi", "--exit") # that -- is the title
        self.offers("scope --title=x -- --exi")
        self.offers("scope file1 --exi", "--exit")

    def test_timed(self):
        self.check_timed()
        self.offers("timed -- --protocol d")
        self.offers("timed --format -- --ut", "--utc")


@unittest.skipUnless(shutil.which("zsh"), "no zsh here")
class Zsh(Completion):
    RC = """
        PROMPT= ; unsetopt prompt_sp beep; HISTFILE=
        fpath=("$COMPLETIONS" $fpath)
        autoload -Uz compinit; compinit -u -D
        compadd() { # all that completion comes down to
            if [[ -z ${@[(r)-(O|A|D)*]} ]]; then
                local -a hits
                builtin compadd -O hits "$@"
                ((${#hits})) && print -rl -- $hits >>offered
            fi
            builtin compadd "$@"
        }
        zle-line-init() { print end-of-it >>offered } # as soon as the terminal's own editing of lines is off
        zle -N zle-line-init
    """

    def setUp(self):
        super().setUp()
        self.offered = self.directory / "offered"
        self.write(".zshrc", self.RC)
        self.terminal = Terminal()
        self.addCleanup(self.terminal.close)
        shell = subprocess.Popen([*mortal(), "setsid", "--ctty", "--wait", "zsh", "-d", "-i"], cwd=self.directory,
                                 stdin=self.terminal.theirs, stdout=self.terminal.theirs, stderr=self.terminal.theirs,
                                 env=environment(ZDOTDIR=str(self.directory), COMPLETIONS=str(COMPLETIONS),
                                                 TERM="xterm", LINES="50", COLUMNS="200"))
        self.addCleanup(shell.wait)
        self.addCleanup(shell.kill)
        until(lambda: self.says("end-of-it"), f"zsh is ready: {self.terminal.read()!r}")

    def says(self, word):
        self.terminal.read()
        return self.offered.exists() and word in self.offered.read_text().splitlines()

    def complete(self, line):
        self.offered.write_text("")
        self.terminal.type(f"{line}\t\x15\n") # a tab, and the line is killed
        until(lambda: self.says("end-of-it"), f"zsh has completed {line!r}: {self.terminal.text!r}")
        return set(self.offered.read_text().splitlines()[:-1])

    @staticmethod
    def listed(_, word):
        return word

    def test_forker(self):
        self.check_forker()

    def test_scope(self):
        self.check_scope()

    def test_timed(self):
        self.check_timed()


if __name__ == "__main__":
    main()

"""Runs a command at a terminal of its own and types the answers to install.sh's questions.

Each answer is typed once its question is on the screen, the secret once the terminal has
stopped to show what is typed. What the screen showed goes to standard output.
"""

import os
import pty
import sys
import termios
import time

ANSWERS = [
    ("Name of the ECS instance's RAM role", "", False),
    ("AccessKey ID", "LTAItyped", False),
    ("AccessKey secret", "canary-typed-3f9a7c1e5b20", True),
]


def hidden(terminal):
    return not termios.tcgetattr(terminal)[3] & termios.ECHO


def main():
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[1], sys.argv[1:])
    screen, seen = "", 0
    answers = list(ANSWERS)
    while True:
        try:
            shown = os.read(terminal, 4096)
        except OSError:
            shown = b""
        if not shown:
            break
        screen += shown.decode(errors="replace")
        while answers:
            question, answer, secret = answers[0]
            at = screen.find(question, seen)
            if at < 0:
                break
            while secret and not hidden(terminal):
                time.sleep(0.01)
            os.write(terminal, (answer + "\n").encode())
            seen = at + len(question)
            answers.pop(0)
    sys.stdout.write(screen)
    if answers:
        sys.exit("it did not ask: " + answers[0][0])
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


main()

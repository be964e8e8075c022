"""A mail server, on loopback unless told otherwise, that can be ill: it hangs, refuses, or takes a message and dies before saying so.

It speaks as much SMTP as a client needs that delivers one message, and keeps the Message-IDs of what it said yes to, or of
what it had in full when it died: of such a message nobody knows, and it may come again.
"""
import re
import socketserver
import threading
import time

MODES = ["well", "hangs", "refuses", "defers", "dies"]


class Conversation(socketserver.StreamRequestHandler):
    timeout = 60

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        try:
            self.converse()
        except OSError:
            pass  # the other side is gone, as clients do that die

    def converse(self):
        server = self.server
        if server.mode == "refuses":
            self.say("554 no service here")
            return
        if server.mode == "hangs":
            end = time.monotonic() + 60
            while server.mode == "hangs" and time.monotonic() < end:
                time.sleep(0.2)
            return
        self.say("220 stub ESMTP")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                if not self.take():
                    return
            elif word == b"QUIT":
                self.say("221 bye")
                return
            elif word == b"RCPT" and server.mode == "defers":
                self.say("451 try again later")
            else:
                self.say("250 ok")

    def take(self):
        """The message; False: the server dies before it says yes."""
        head = b""
        for line in self.rfile:
            if line == b".\r\n":
                break
            head += line
        found = re.search(rb"^Message-ID: <([^@>]+)@", head, re.MULTILINE | re.IGNORECASE)
        self.server.keep(found.group(1).decode() if found else "?")
        if self.server.mode == "dies":
            return False
        self.say("250 taken")
        return True


class SmtpStub(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port, host="127.0.0.1"):
        super().__init__((host, port), Conversation)
        self.mode, self.taken, self.lock = "well", {}, threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def keep(self, message):
        with self.lock:
            self.taken[message] = self.taken.get(message, 0) + 1

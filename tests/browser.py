# SPDX-License-Identifier: Apache-2.0
"""A page in headless Chromium, driven over a pipe by its DevTools protocol. Only the standard library."""
import base64
import json
import os
import subprocess


class Browser:
    """Needs the folder for its profile; close it."""

    def __init__(self, program, folder):
        here, there = os.pipe(), os.pipe()  # to the browser, from it

        def place():
            """Descriptors 3 and 4 are where --remote-debugging-pipe reads and writes."""
            ends = os.dup(here[0]), os.dup(there[1])
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--remote-debugging-pipe", f"--user-data-dir={folder}/profile", "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(here[0])
        os.close(there[1])
        self.output, self.input = os.fdopen(here[1], "wb"), os.fdopen(there[0], "rb")
        self.number, self.session, self.events = 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def receive(self):
        data = bytearray()
        while True:
            byte = self.input.read(1)
            if byte in (b"", b"\0"):
                return json.loads(data)
            data += byte

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session is not None:
            message["sessionId"] = self.session
        self.output.write(json.dumps(message).encode() + b"\0")
        self.output.flush()
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return answer["result"]
            self.events.append(answer)

    def open(self, url):
        self.call("Page.navigate", url=url)
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.receive())

    def ask(self, expression):
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def press(self, key, code, times=1):
        for _ in range(times):
            for kind in ("rawKeyDown", "keyUp"):
                self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def picture(self, path, width, height, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=False)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def complaints(self):
        """What the page or the network had to complain of."""
        return [event for event in self.events
                if event["method"] in ("Runtime.exceptionThrown", "Log.entryAdded")
                or (event["method"] == "Network.requestWillBeSent"
                    and not event["params"]["request"]["url"].startswith(("file:", "about:")))]

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.output.close()
        self.input.close()

"""Tests of a Python script that talks WinRM, against a real service, with no Windows in sight. Needs farwired on the PATH."""
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

import winrm


class AgainstFarwire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.gettempdir(), f"farwire-{os.getpid()}")
        cls.service = subprocess.Popen(["farwired", "run", "--ephemeral", folder], stderr=subprocess.DEVNULL)
        connection = folder / "connection.json"
        while not connection.exists():
            assert cls.service.poll() is None, "farwired did not start"
            time.sleep(0.02)
        cls.certificate = str(folder / "certificate.pem")
        cls.connection = json.loads(connection.read_text())

    @classmethod
    def tearDownClass(cls):
        cls.service.terminate()
        cls.service.wait()

    def session(self, **other):
        c = {**self.connection, **other}
        return winrm.Session(c["https"], auth=(c["user"], c["password"]), ca_trust_path=self.certificate)

    def test_output_and_exit_code_come_back(self):
        result = self.session().run_cmd("printf", ["'%s-%s'", "größer", "2"])
        self.assertEqual(("größer-2", 0), (result.std_out.decode(), result.status_code))
        self.assertEqual(3, self.session().run_cmd("exit 3").status_code)

    def test_a_wrong_password_is_told(self):
        with self.assertRaises(winrm.exceptions.InvalidCredentialsError):
            self.session(password="wrong").run_cmd("true")


if __name__ == "__main__":
    unittest.main()

"""Runs `true` N times through pywinrm over one warm session: pywinrm_true.py ADDRESS USER PASSWORD N. Tells wall and processor seconds."""
import sys, time, warnings
warnings.simplefilter("ignore")
import winrm

address, user, password, count = sys.argv[1:]
session = winrm.Session(address, auth=(user, password), transport="basic", server_cert_validation="ignore")
session.run_cmd("true")
wall, cpu = time.perf_counter(), time.process_time()
for _ in range(int(count)):
    assert session.run_cmd("true").status_code == 0
print(time.perf_counter() - wall, time.process_time() - cpu)

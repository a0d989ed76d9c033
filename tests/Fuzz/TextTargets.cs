using System.Text;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Mof;
using Farwire.Cim.Wql;
using Farwire.CommandLine.Grammar;

namespace Farwire.Fuzz;

/// <summary>A reader of text with a corpus in a file.</summary>
public abstract class TextTarget(string name, string separator, params string[] dictionary) : FuzzTarget
{
    public override string Name => name;

    protected override IReadOnlyList<byte[]> Corpus { get; } =
        [.. File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Corpus", name + ".txt")).Split(separator, StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];

    protected override IReadOnlyList<byte[]> Dictionary { get; } = [.. dictionary.Select(Encoding.UTF8.GetBytes)];

    protected override bool Read(byte[] input) => Read(Encoding.UTF8.GetString(input));

    protected abstract bool Read(string text);
}

/// <summary>Queries, and what they find.</summary>
public sealed class WqlTarget() : TextTarget(
    "wql", "\n", "select", " from ", " where ", "not ", "(", ")", "like ", "'", "\"", "\\", "[", "]", "%", "is null", "isa", "0x", "-", "1e400", "99999999999999999999", "__class", "\u00e4", "=", "<>", "<=")
{
    private readonly CimInstance _instance = new(CimSchema.CimV2.Find("Win32_Process")!) { ["Name"] = "init", ["ProcessId"] = 1u, ["Handle"] = "1" };

    protected override bool Read(string text)
    {
        try
        {
            _ = new WqlFilter(WqlQuery.Parse(text), _instance.Class).Matches(_instance);
            return true;
        }
        catch (WqlException)
        {
            return false;
        }
    }
}

/// <summary>The managed object format.</summary>
public sealed class MofTarget() : TextTarget(
    "mof", "%", "class ", " : ", "{", "}", ";", "[", "]", "(", ")", "\"", "\\x41", "'", "/*", "//", "#pragma ", "instance of ", "ref ", "null", "0x", "1e400", "99999999999999999999", ",", "$", "\u00e4")
{
    protected override IReadOnlyList<byte[]> Corpus { get; } = [.. WindowsClasses()];

    protected override bool Read(string text)
    {
        try
        {
            MofParser.Parse(text);
            return true;
        }
        catch (MofException)
        {
            return false;
        }
    }

    // Real declarations beside the ones written for their forms.
    private static IEnumerable<byte[]> WindowsClasses() =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Corpus", "mof.txt")).Split('%')
            .Concat(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "root_cimv2.mof")).Split("};").Where(c => c.Length is > 100 and < 2000).Take(60).Select(c => c + "};"))
            .Select(Encoding.UTF8.GetBytes);
}

/// <summary>Values on the command line.</summary>
public sealed class HashTarget() : TextTarget("hash", "\n", "@{", "}", "=", ";", "\"", "'", "$null", "\\", " ", "\t", ":", "\u00e4", "\0")
{
    protected override bool Read(string text)
    {
        try
        {
            HashInput.Parse(text);
            return true;
        }
        catch (UsageException)
        {
            return false;
        }
    }
}

using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>What the methods of CIM_DataFile and Win32_Directory do, with the rights of the caller.</summary>
internal sealed class FileMethods(CallersShell shell)
{
    private const long FileSystemNotNtfs = 11;
    private const long InvalidParameter = 21;
    private const ulong Read = 0x1;          // FILE_READ_DATA, FILE_LIST_DIRECTORY
    private const ulong Write = 0x2 | 0x4;   // FILE_WRITE_DATA, FILE_APPEND_DATA
    private const ulong Execute = 0x20;      // FILE_EXECUTE, FILE_TRAVERSE
    private const ulong Delete = 0x10000;    // DELETE

    // Exit codes are those of the class: 2 access denied, 8 unspecified, 9 no such file, 10 exists, 14 directory not empty.
    private const string Target = """
        [ -e "$1" ] || [ -L "$1" ] || exit 9
        [ -e "$2" ] && exit 10
        to=$(dirname -- "$2"); [ -d "$to" ] || exit 9
        [ -w "$to" ] && [ -x "$to" ] || exit 2
        """;

    private const string CopyScript = Target + "\n" + """
        [ -r "$1" ] || exit 2
        cp -RP -- "$1" "$2" 2>/dev/null || exit 8
        """;

    private const string RenameScript = Target + "\n" + """
        from=$(dirname -- "$1"); [ -w "$from" ] || exit 2
        mv -- "$1" "$2" 2>/dev/null || exit 8
        """;

    private const string DeleteScript = """
        [ -e "$1" ] || [ -L "$1" ] || exit 9
        from=$(dirname -- "$1"); [ -w "$from" ] && [ -x "$from" ] || exit 2
        if [ -d "$1" ] && [ ! -L "$1" ]; then
          [ -z "$(ls -A -- "$1" 2>/dev/null)" ] || exit 14
          rmdir -- "$1" 2>/dev/null || exit 8
        else
          rm -f -- "$1" 2>/dev/null || exit 2
        fi
        """;

    private const string PermissionScript = """
        f=$1; shift
        for test in "$@"; do
          case $test in
            d) p=$(dirname -- "$f"); [ -w "$p" ] && [ -x "$p" ] || exit 1;;
            r) [ -r "$f" ] || exit 1;;
            w) [ -w "$f" ] || exit 1;;
            x) [ -x "$f" ] || exit 1;;
          esac
        done
        """;

    public static IEnumerable<ICimMethods> Over(CimSchema schema, IProgramStarter starter)
    {
        var methods = new FileMethods(new CallersShell(starter));
        foreach (var name in new[] { "CIM_DataFile", "Win32_Directory" })
        {
            yield return new CimMethods(schema, name)
            {
                ["Copy"] = (call, token) => methods.ToAsync(call, CopyScript, token),
                ["Rename"] = (call, token) => methods.ToAsync(call, RenameScript, token),
                ["Delete"] = async (call, token) => CimOutcome.Of(await methods.RunAsync(call, DeleteScript, [], token).ConfigureAwait(false)),
                ["GetEffectivePermission"] = methods.PermissionAsync,
                ["Compress"] = (_, _) => ValueTask.FromResult(CimOutcome.Of(FileSystemNotNtfs)),
                ["Uncompress"] = (_, _) => ValueTask.FromResult(CimOutcome.Of(FileSystemNotNtfs)),
            };
        }
    }

    private async ValueTask<CimOutcome> ToAsync(CimCall call, string script, CancellationToken cancellationToken) =>
        call.Text("FileName") is { } target && target.StartsWith('/')
            ? CimOutcome.Of(await RunAsync(call, script, [target], cancellationToken).ConfigureAwait(false))
            : CimOutcome.Of(InvalidParameter);

    private async ValueTask<CimOutcome> PermissionAsync(CimCall call, CancellationToken cancellationToken)
    {
        var wanted = call["Permissions"].IsNull ? 0 : call["Permissions"].AsUInt64();
        List<string> tests = [];
        Add(Read, "r");
        Add(Write, "w");
        Add(Execute, "x");
        Add(Delete, "d");
        return new CimOutcome((CimValue)(await RunAsync(call, PermissionScript, tests, cancellationToken).ConfigureAwait(false) == 0));

        void Add(ulong right, string test)
        {
            if ((wanted & right) != 0)
            {
                tests.Add(test);
            }
        }
    }

    private Task<int> RunAsync(CimCall call, string script, IReadOnlyList<string> more, CancellationToken cancellationToken) =>
        shell.RunAsync(call.Caller, script, [call.Target!["Name"].ToString(), .. more], "", cancellationToken);
}

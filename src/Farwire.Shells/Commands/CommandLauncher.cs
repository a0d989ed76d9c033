using System.ComponentModel;
using Farwire.Processes;
using Farwire.Processes.Launch;
using Farwire.Processes.Limits;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;

namespace Farwire.Shells.Commands;

/// <summary>Starts the commands of one shell: in its surroundings, within its limits, as its owner's account.</summary>
/// <param name="shell">What its client asked for.</param>
/// <param name="shellOptions">The switches it was opened with.</param>
/// <param name="custom">The program that a custom shell runs; null for the command shell.</param>
/// <param name="account">The owner's account.</param>
/// <param name="group">The limits of all its commands.</param>
/// <param name="own">Variables that the shell sets by itself; its client may set them otherwise.</param>
/// <param name="starter">Starts them.</param>
internal sealed class CommandLauncher(
    CreateShell shell, OptionSet shellOptions, CustomShell? custom, string account, ProgramGroup group, IReadOnlyList<KeyValuePair<string, string>> own, IProgramStarter starter)
{
    private const string Utf8CodePage = "65001";

    private readonly bool _profile = shellOptions[ShellNames.NoProfile] is { } without && !IsTrue(without);
    private readonly string? _codePage = shellOptions[ShellNames.CodePage]?.Trim();

    /// <summary>Starts <paramref name="line"/>.</summary>
    /// <exception cref="WSManFaultException">It cannot be started; the fault says why.</exception>
    public async Task<RunningProcess> StartAsync(CommandLine line, OptionSet options)
    {
        var program = custom is not null ? CommandText.ForCustomShell(custom, line)
            : IsTrue(options[ShellNames.SkipCmdShell]) ? CommandText.ForProgram(line)
            : CommandText.ForShell(line, _profile);
        var start = program with { Environment = Variables(options), WorkingDirectory = shell.WorkingDirectory, Group = group };
        try
        {
            return await starter.StartAsync(start, account).ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException e)
        {
            throw FaultCatalog.AccessDenied.Fault(e.Message);
        }
        catch (Win32Exception e)
        {
            throw FaultCatalog.FileNotFound.Fault($"'{start.Program}' cannot be started in '{start.WorkingDirectory}': {e.Message}.");
        }
        catch (ArgumentException e)
        {
            throw FaultCatalog.InvalidParameter.Fault(e.Message);
        }
    }

    internal static bool IsTrue(string? option) => option?.Trim().ToUpperInvariant() is "TRUE" or "1";

    // Streams carry bytes: of a code page programs learn by their locale. Whether the client takes its input for a console is theirs to use.
    private List<KeyValuePair<string, string>> Variables(OptionSet options)
    {
        List<KeyValuePair<string, string>> variables = [.. own];
        if (_codePage is not null)
        {
            variables.Add(KeyValuePair.Create(ShellNames.CodePage, _codePage));
            if (_codePage == Utf8CodePage)
            {
                variables.Add(KeyValuePair.Create("LC_CTYPE", "C.UTF-8"));
            }
        }

        if (options[ShellNames.ConsoleModeStdin] is { } console)
        {
            variables.Add(KeyValuePair.Create(ShellNames.ConsoleModeStdin, IsTrue(console) ? "TRUE" : "FALSE"));
        }

        variables.AddRange(shell.Environment);
        return variables;
    }
}

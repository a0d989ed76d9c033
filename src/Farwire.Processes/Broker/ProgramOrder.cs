using Farwire.Processes.Limits;

namespace Farwire.Processes.Broker;

/// <summary>A program to start as an account.</summary>
/// <param name="Account">Whose rights it has.</param>
/// <param name="Program">A path, or a name that is looked up in the PATH of <paramref name="Variables"/>.</param>
/// <param name="Arguments">Handed over as they are.</param>
/// <param name="Variables">The whole environment; the broker adds what login would set where it is missing.</param>
/// <param name="WorkingDirectory">Null is the account's home.</param>
/// <param name="MaxOpenFiles">The soft limit of descriptors; 0 leaves the system's.</param>
internal sealed record ProgramOrder(
    string Account,
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<KeyValuePair<string, string>> Variables,
    string? WorkingDirectory,
    int MaxOpenFiles)
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>The programs with which it shares limits; null is none.</summary>
    public ProgramGroup? Group { get; init; }

    // account, program, argument…, name=value…, directory ("" none), open files, group ("" none: the end), processes, megabytes
    public static ProgramOrder Read(ref BrokerReader message) => new(
        message.Text(),
        message.Text(),
        message.Texts(),
        [.. message.Texts().Select(Split)],
        message.Text() is { Length: > 0 } directory ? directory : null,
        message.Number())
    {
        Group = message.Text() is { Length: > 0 } group ? new ProgramGroup(group, message.Number(), message.Number() * (long)Megabyte) : null,
    };

    public void Write(ref BrokerWriter message)
    {
        message.Text(Account);
        message.Text(Program);
        message.Texts(Arguments);
        message.Texts([.. Variables.Select(v => $"{v.Key}={v.Value}")]);
        message.Text(WorkingDirectory ?? "");
        message.Number(MaxOpenFiles);
        message.Text(Group?.Name ?? "");
        if (Group is not null)
        {
            message.Number(Group.MaxProcesses);
            message.Number((int)Math.Min(Group.MaxMemoryBytes / Megabyte, int.MaxValue));
        }
    }

    private static KeyValuePair<string, string> Split(string variable) =>
        variable.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? new(variable[..at], variable[(at + 1)..]) : new(variable, "");
}

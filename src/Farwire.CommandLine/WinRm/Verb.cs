namespace Farwire.CommandLine.WinRm;

/// <summary>One of winrm's verbs.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Aliases">What it is called for short.</param>
/// <param name="Words">What follows it, as the usage line writes it.</param>
/// <param name="RunAsync">What it does.</param>
internal sealed record Verb(string Name, string[] Aliases, string Words, Func<Call, Task> RunAsync)
{
    /// <summary>The switches it takes beside those that say where, who, and how to show.</summary>
    public string[] Switches { get; init; } = [];

    /// <summary>It talks to a service.</summary>
    public bool IsRemote { get; init; } = true;

    /// <summary>What <c>winrm VERB -?</c> says below the usage line.</summary>
    public required string Help { get; init; }

    public string Usage => $"winrm {Name} {Words}".TrimEnd();

    public bool IsCalled(string word) =>
        Name.Equals(word, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(word, StringComparer.OrdinalIgnoreCase);
}

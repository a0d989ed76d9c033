using Farwire.Client.PowerShell.Clixml;

namespace Farwire.Client.PowerShell;

/// <summary>Answers what scripts ask of whoever sits before the screen.</summary>
/// <remarks>MS-PSRP, "Host Methods". A host has no screen buffer: scripts that paint learn that there is none.</remarks>
public interface IPowerShellHost
{
    /// <summary>Its window; null when it has none, and then lines there are as long as the other side likes.</summary>
    HostScreen? Screen => null;

    /// <summary>Answers one call. Calls come one after the other.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="cancellationToken">The pipeline is given up.</param>
    /// <returns>The method's result, or null for a method without; a secret is a <see cref="Secret"/>, a user with one a <see cref="Credential"/>.</returns>
    /// <exception cref="NotSupportedException">The host cannot do it; the script gets an error that says so.</exception>
    ValueTask<object?> AnswerAsync(HostCall call, CancellationToken cancellationToken);
}

/// <summary>One call of a script to its host.</summary>
/// <param name="Method">What is asked, as the specification numbers it.</param>
/// <param name="Name">The method's name.</param>
/// <param name="Parameters">Its parameters.</param>
/// <remarks>MS-PSRP, "Host Method Identifier".</remarks>
public sealed record HostCall(int Method, string Name, RemoteList Parameters)
{
    /// <summary>The script says <c>exit</c>: its code.</summary>
    public const int SetShouldExit = 6;

    /// <summary>A program of its own begins to use the window.</summary>
    public const int NotifyBeginApplication = 9;

    /// <summary>It has ended.</summary>
    public const int NotifyEndApplication = 10;

    /// <summary>A line of text.</summary>
    public const int ReadLine = 11;

    /// <summary>A line that is not shown.</summary>
    public const int ReadLineAsSecureString = 12;

    /// <summary>Text without a line's end.</summary>
    public const int Write1 = 13;

    /// <summary>The same in colours.</summary>
    public const int Write2 = 14;

    /// <summary>The end of a line.</summary>
    public const int WriteLine1 = 15;

    /// <summary>A line.</summary>
    public const int WriteLine2 = 16;

    /// <summary>A line in colours.</summary>
    public const int WriteLine3 = 17;

    /// <summary>A line about an error.</summary>
    public const int WriteErrorLine = 18;

    /// <summary>A line for those who look for a fault.</summary>
    public const int WriteDebugLine = 19;

    /// <summary>How far a work is.</summary>
    public const int WriteProgress = 20;

    /// <summary>A line for those who want to know more.</summary>
    public const int WriteVerboseLine = 21;

    /// <summary>A line that warns.</summary>
    public const int WriteWarningLine = 22;

    /// <summary>Values of several fields.</summary>
    public const int Prompt = 23;

    /// <summary>A user and a password, without conditions.</summary>
    public const int PromptForCredential1 = 24;

    /// <summary>A user and a password.</summary>
    public const int PromptForCredential2 = 25;

    /// <summary>One of several choices, as its number from 0.</summary>
    public const int PromptForChoice = 26;

    /// <summary>A new title above the window.</summary>
    public const int SetWindowTitle = 42;

    /// <summary>Several of several choices.</summary>
    public const int PromptForChoiceMultipleSelection = 56;
}

/// <summary>A secret that the host gives. It travels sealed with the key of its session.</summary>
/// <param name="Text">The secret; whoever made it clears it.</param>
public sealed record Secret(ReadOnlyMemory<char> Text)
{
    /// <summary>A secret does not show itself.</summary>
    public override string ToString() => "********";
}

/// <summary>A user and a password that the host gives.</summary>
/// <param name="UserName">The user.</param>
/// <param name="Password">The password.</param>
public sealed record Credential(string UserName, Secret Password);

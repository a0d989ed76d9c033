namespace Farwire.Shells;

/// <summary>A shell of a URI of its own: every command of it is a run of one program.</summary>
/// <remarks>MS-WSMV, "CustomRemoteShell".</remarks>
/// <param name="Uri">The resource URI, without regard to case.</param>
/// <param name="Program">The program; <c>%NAME%</c> stands for a variable of the service.</param>
/// <param name="Arguments">Its first arguments, split at blanks; those of the command follow.</param>
public sealed record CustomShell(string Uri, string Program, string Arguments = "");

namespace Farwire.Linux.Accounts;

/// <summary>An account of the system.</summary>
/// <param name="Name">The name it logs in with.</param>
/// <param name="Uid">Its number.</param>
/// <param name="Gid">The number of its primary group.</param>
/// <param name="Home">Its home directory.</param>
/// <param name="Shell">The program it logs in to; empty means /bin/sh.</param>
/// <param name="Gecos">Who it is, in words.</param>
/// <remarks>passwd(5).</remarks>
public sealed record UnixAccount(string Name, uint Uid, uint Gid, string Home, string Shell, string Gecos);

/// <summary>A group of the system.</summary>
/// <param name="Name">Its name; the number as text when it has none.</param>
/// <param name="Gid">Its number.</param>
public sealed record UnixGroup(string Name, uint Gid);

namespace Farwire.Linux.Systemd;

/// <summary>A unit that systemd has in memory.</summary>
/// <param name="Name">With its suffix, such as <c>ssh.service</c>.</param>
/// <param name="Description">For people.</param>
/// <param name="LoadState">loaded, not-found, masked, error …</param>
/// <param name="ActiveState">active, reloading, inactive, failed, activating, deactivating, maintenance.</param>
/// <param name="SubState">The same in the words of the unit's type.</param>
/// <param name="Path">The unit's object on the bus.</param>
public sealed record UnitFacts(string Name, string Description, string LoadState, string ActiveState, string SubState, string Path);

/// <summary>A unit's file.</summary>
/// <param name="Name">With its suffix.</param>
/// <param name="State">enabled, disabled, static, masked, indirect, generated, transient, alias …</param>
public sealed record UnitFile(string Name, string State);

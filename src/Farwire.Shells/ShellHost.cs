using Farwire.Processes;

namespace Farwire.Shells;

/// <summary>What all shells of a service share: limits, clock, and the way to start programs.</summary>
internal sealed record ShellHost(ShellOptions Options, TimeProvider Time, IProgramStarter Starter);

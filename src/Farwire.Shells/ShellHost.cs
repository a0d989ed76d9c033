using Farwire.Processes;

namespace Farwire.Shells;

/// <summary>What all shells of a service share: limits, clock, the way to start programs, and who must know of each start.</summary>
internal sealed record ShellHost(ShellOptions Options, TimeProvider Time, IProgramStarter Starter, Action Started);

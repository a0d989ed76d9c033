namespace Farwire.Processes.Broker;

/// <summary>What the broker needs to know of the system, and where it writes down what it did.</summary>
public interface IBrokerDuties
{
    /// <summary>Checks a password; may block for seconds.</summary>
    BrokerOutcome Authenticate(string account, ReadOnlySpan<byte> password, string peer);

    /// <summary>The account, when programs may be started as it; null when there is none or it may not be used so.</summary>
    BrokeredAccount? Permit(string account);

    /// <summary>One of the few facts that only root may read; null when it is not on the list or cannot be read.</summary>
    byte[]? Read(string fact);

    /// <summary>Writes one line: who wanted what, and what became of it. Never a secret.</summary>
    void Audit(BrokerVerb verb, string subject, BrokerOutcome outcome);
}

/// <summary>An account as a program's surroundings need it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Uid">Its number.</param>
/// <param name="Gid">Its primary group's number.</param>
/// <param name="Home">Its home directory.</param>
/// <param name="Shell">Its login shell.</param>
public sealed record BrokeredAccount(string Name, uint Uid, uint Gid, string Home, string Shell);

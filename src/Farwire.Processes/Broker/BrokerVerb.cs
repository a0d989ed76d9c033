namespace Farwire.Processes.Broker;

/// <summary>All that a service can ask of its broker. The list is closed: anything else ends the conversation.</summary>
public enum BrokerVerb : byte
{
    /// <summary>Is this the password of that account?</summary>
    Authenticate = 1,

    /// <summary>Start a program as an account, with these three streams.</summary>
    Start = 2,

    /// <summary>Send a signal to a program that the broker started.</summary>
    Signal = 3,

    /// <summary>End such a program and all that it started.</summary>
    EndTree = 4,

    /// <summary>Read one of the few facts that only root may read.</summary>
    Read = 5,

    /// <summary>The broker's own word: a program has ended.</summary>
    Ended = 6,
}

/// <summary>What became of a request.</summary>
public enum BrokerOutcome : byte
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>The password is wrong, or the name unknown.</summary>
    WrongPassword = 1,

    /// <summary>The account is locked, expired or has no right to be used.</summary>
    AccountRefused = 2,

    /// <summary>There is nothing of this name or number.</summary>
    NotFound = 3,

    /// <summary>It could not be done; a number of the system says why.</summary>
    Failed = 4,

    /// <summary>The broker does not do such things.</summary>
    Forbidden = 5,
}

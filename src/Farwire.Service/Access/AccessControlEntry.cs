namespace Farwire.Service.Access;

/// <summary>What an entry does to the rights it names.</summary>
public enum AccessControlEntryKind
{
    /// <summary>A: grants them.</summary>
    Allow,

    /// <summary>D: refuses them.</summary>
    Deny,

    /// <summary>AU: writes an audit line when they are used.</summary>
    Audit,
}

/// <summary>How an entry is inherited and when it audits.</summary>
/// <remarks>MS-DTYP, "ACE_HEADER".</remarks>
[Flags]
public enum AccessControlEntryFlags
{
    /// <summary>For this object alone.</summary>
    None = 0,

    /// <summary>OI.</summary>
    ObjectInherit = 0x01,

    /// <summary>CI.</summary>
    ContainerInherit = 0x02,

    /// <summary>NP.</summary>
    NoPropagate = 0x04,

    /// <summary>IO: counts for children only, not for the object that carries it.</summary>
    InheritOnly = 0x08,

    /// <summary>ID.</summary>
    Inherited = 0x10,

    /// <summary>SA: audits what was granted.</summary>
    AuditSuccess = 0x40,

    /// <summary>FA: audits what was refused.</summary>
    AuditFailure = 0x80,
}

/// <summary>One line of an access control list.</summary>
/// <param name="Kind">Grants, refuses or audits.</param>
/// <param name="Flags">Inheritance and auditing.</param>
/// <param name="Mask">The rights.</param>
/// <param name="Trustee">Whom it is about: a SID, or a group of the domain the machine belongs to.</param>
/// <remarks>MS-DTYP, "Security Descriptor Description Language", "ace".</remarks>
public sealed record AccessControlEntry(AccessControlEntryKind Kind, AccessControlEntryFlags Flags, uint Mask, Trustee Trustee);

/// <summary>A user or a group as a descriptor names it.</summary>
/// <param name="Text">As it was written: an alias or a SID.</param>
/// <param name="Sid">The identifier, when it is the same everywhere.</param>
/// <param name="DomainRid">Else the number within the domain that the machine belongs to.</param>
public sealed record Trustee(string Text, Sid? Sid, uint? DomainRid)
{
    /// <summary>The identifier on a machine of <paramref name="domain"/>; null when it has no meaning without a domain: then nobody is meant.</summary>
    public Sid? In(Sid? domain) => Sid ?? (domain is { } known && DomainRid is { } rid ? known.Relative(rid) : null);
}

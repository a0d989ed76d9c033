namespace Farwire.Service.Access;

/// <summary>Who may do what with an object, and what of it is audited. Immutable.</summary>
/// <remarks>
/// MS-DTYP, "SECURITY_DESCRIPTOR" and "Access Check Algorithm Pseudocode". A descriptor without a DACL would grant everything to everybody on Windows;
/// here it cannot be read in the first place, for an omission must not open a door.
/// </remarks>
public sealed class SecurityDescriptor
{
    internal SecurityDescriptor(string text, Trustee? owner, Trustee? group, IReadOnlyList<AccessControlEntry> access, IReadOnlyList<AccessControlEntry> audit)
    {
        Text = text;
        Owner = owner;
        Group = group;
        Access = access;
        Audit = audit;
    }

    /// <summary>The descriptor as it was written.</summary>
    public string Text { get; }

    /// <summary>O:</summary>
    public Trustee? Owner { get; }

    /// <summary>G:</summary>
    public Trustee? Group { get; }

    /// <summary>D: the entries that grant and refuse, in their order.</summary>
    public IReadOnlyList<AccessControlEntry> Access { get; }

    /// <summary>S: the entries that audit.</summary>
    public IReadOnlyList<AccessControlEntry> Audit { get; }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="SddlException">The text is not a descriptor, or has no DACL.</exception>
    public static SecurityDescriptor Parse(string sddl) => new SddlReader(sddl).Read();

    /// <summary>True when <paramref name="token"/> has every right of <paramref name="desired"/>: entries count in their order, what none grants is refused.</summary>
    public bool Grants(CallerToken token, uint desired, GenericMapping mapping)
    {
        var missing = mapping.Expand(desired);
        foreach (var entry in Access)
        {
            if (missing == 0)
            {
                break;
            }

            if ((entry.Flags & AccessControlEntryFlags.InheritOnly) != 0 || !token.Has(entry.Trustee))
            {
                continue;
            }

            var mask = mapping.Expand(entry.Mask);
            if (entry.Kind == AccessControlEntryKind.Deny && (mask & missing) != 0)
            {
                return false;
            }

            if (entry.Kind == AccessControlEntryKind.Allow)
            {
                missing &= ~mask;
            }
        }

        return missing == 0;
    }

    /// <summary>True when the use of <paramref name="desired"/>, granted or refused, is to be written down.</summary>
    public bool Audits(CallerToken token, uint desired, GenericMapping mapping, bool granted)
    {
        var wanted = granted ? AccessControlEntryFlags.AuditSuccess : AccessControlEntryFlags.AuditFailure;
        var used = mapping.Expand(desired);
        foreach (var entry in Audit)
        {
            if ((entry.Flags & wanted) != 0 && (mapping.Expand(entry.Mask) & used) != 0 && token.Has(entry.Trustee))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

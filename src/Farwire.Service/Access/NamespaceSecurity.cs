namespace Farwire.Service.Access;

/// <summary>What may be done in a CIM namespace.</summary>
/// <remarks>MS-WMI, "WBEM_SECURITY constants".</remarks>
[Flags]
public enum NamespaceRights : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read (CC).</summary>
    Enable = 0x01,

    /// <summary>Run methods (DC).</summary>
    MethodExecute = 0x02,

    /// <summary>Change classes and instances (LC).</summary>
    FullWrite = 0x04,

    /// <summary>Change instances of providers' classes kept in the repository (SW).</summary>
    PartialWrite = 0x08,

    /// <summary>Change what providers hold (RP).</summary>
    ProviderWrite = 0x10,

    /// <summary>Do any of it from another machine (WP).</summary>
    RemoteEnable = 0x20,
}

/// <summary>The descriptors of CIM namespaces. A namespace without one has those entries of its parents that containers inherit.</summary>
/// <remarks>MS-WMI, "Namespace security". Where nothing is configured, whoever may use the resource URI may use the namespace.</remarks>
public sealed class NamespaceSecurity
{
    private static readonly GenericMapping Mapping = new(
        (uint)NamespaceRights.Enable,
        (uint)(NamespaceRights.FullWrite | NamespaceRights.PartialWrite | NamespaceRights.ProviderWrite),
        (uint)NamespaceRights.MethodExecute,
        0x3F | AccessMask.ReadControl | AccessMask.WriteDacl);

    private readonly Dictionary<string, SecurityDescriptor> _descriptors;

    /// <summary>Takes a descriptor for each namespace, such as <c>root/cimv2</c>.</summary>
    public NamespaceSecurity(IEnumerable<KeyValuePair<string, SecurityDescriptor>> descriptors) =>
        _descriptors = descriptors.ToDictionary(d => Normal(d.Key), d => d.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>Nothing configured.</summary>
    public static NamespaceSecurity None { get; } = new([]);

    /// <summary>True when <paramref name="token"/> has all of <paramref name="rights"/> in <paramref name="ns"/>.</summary>
    public bool Grants(CallerToken token, string ns, NamespaceRights rights)
    {
        if (_descriptors.Count == 0)
        {
            return true;
        }

        if (token.Has(Sid.Network))
        {
            rights |= NamespaceRights.RemoteEnable;
        }

        var path = Normal(ns);
        if (_descriptors.TryGetValue(path, out var own))
        {
            return own.Grants(token, (uint)rights, Mapping);
        }

        while (path.LastIndexOf('/') is > 0 and var slash)
        {
            path = path[..slash];
            if (_descriptors.TryGetValue(path, out var parent))
            {
                return Inherited(parent).Grants(token, (uint)rights, Mapping);
            }
        }

        return true;
    }

    private static SecurityDescriptor Inherited(SecurityDescriptor parent) => new(
        parent.Text,
        parent.Owner,
        parent.Group,
        [.. parent.Access.Where(e => (e.Flags & AccessControlEntryFlags.ContainerInherit) != 0).Select(e => e with { Flags = e.Flags & ~AccessControlEntryFlags.InheritOnly })],
        parent.Audit);

    private static string Normal(string ns) => ns.Replace('\\', '/').Trim('/');
}

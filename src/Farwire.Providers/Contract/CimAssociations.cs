using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Cim.Wql;
using Farwire.Protocol.Addressing;

namespace Farwire.Providers.Contract;

/// <summary>What belongs to an instance: the associations that name it, and the instances that they lead to.</summary>
/// <remarks>
/// DSP0227, "Association queries"; the WMI SDK, "ASSOCIATORS OF statement". Associations are instances of classes like others; only those whose
/// references can name the instance are looked through.
/// </remarks>
internal static class CimAssociations
{
    /// <summary>The answers to <paramref name="question"/> about <paramref name="source"/>, one at a time. One that several associations lead to comes for each.</summary>
    public static async IAsyncEnumerable<CimInstance> FindAsync(
        CimNamespace place, WqlAssociation question, CimInstance source, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var provider in place.Providers.Where(p => IsWanted(p.Class, question)))
        {
            foreach (var role in RolesFor(place, provider.Class, source.Class, question.Role))
            {
                await foreach (var association in NamingAsync(provider, role, source, cancellationToken).ConfigureAwait(false))
                {
                    if (question.WantsAssociations)
                    {
                        yield return association;
                        continue;
                    }

                    await foreach (var result in OthersAsync(place, question, association, role, cancellationToken).ConfigureAwait(false))
                    {
                        yield return result;
                    }
                }
            }
        }
    }

    // For associations themselves, the result's class is theirs.
    private static bool IsWanted(CimClass association, WqlAssociation question) =>
        association.Qualifiers.IsSet("Association")
        && (question.AssociationClass is null || association.IsA(question.AssociationClass))
        && (question.RequiredAssociationQualifier is not { } needed || !association.Qualifiers[needed].IsNull)
        && (!question.WantsAssociations
            || ((question.ResultClass is null || association.IsA(question.ResultClass)) && (question.RequiredQualifier is not { } q || !association.Qualifiers[q].IsNull)));

    private static IEnumerable<CimProperty> RolesFor(CimNamespace place, CimClass association, CimClass source, string? role) =>
        association.Properties.Where(p => p.Type == CimType.Reference
            && (role is null || p.Name.Equals(role, StringComparison.OrdinalIgnoreCase))
            && (p.ClassName is null || source.IsA(p.ClassName) || place.Find(p.ClassName)?.IsA(source.Name) == true));

    private static async IAsyncEnumerable<CimInstance> NamingAsync(
        ICimProvider provider, CimProperty role, CimInstance source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = Enumerable.Range(0, provider.Class.Properties.Count);
        var need = CimNeed.Of(provider.Class, all, [(role.Name, (CimValue)source.ToString())]);
        await foreach (var association in provider.EnumerateAsync(need, cancellationToken).ConfigureAwait(false))
        {
            if (association[role.Name] is { Kind: CimValueKind.Reference } reference && Names(reference.AsReference(), source))
            {
                yield return association;
            }
        }
    }

    private static async IAsyncEnumerable<CimInstance> OthersAsync(
        CimNamespace place, WqlAssociation question, CimInstance association, CimProperty role, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var other in association.Class.Properties.Where(p => p.Type == CimType.Reference && p.Name != role.Name))
        {
            if ((question.ResultRole is { } resultRole && !other.Name.Equals(resultRole, StringComparison.OrdinalIgnoreCase))
                || association[other.Name] is not { Kind: CimValueKind.Reference } value
                || value.AsReference() is not { ResourceUri: { } uriText } reference
                || CimResourceUri.Parse(uriText) is not { } uri
                || place.Find(uri.ClassName) is not { } resultClass
                || (question.ResultClass is not null && !resultClass.IsA(question.ResultClass))
                || (question.RequiredQualifier is { } needed && resultClass.Qualifiers[needed].IsNull))
            {
                continue;
            }

            // What was there when the association was read may be gone.
            if (place.ProviderOf(resultClass) is { } provider
                && await CimKeys.FindAsync(provider, reference.Selectors, cancellationToken).ConfigureAwait(false) is { } result)
            {
                yield return result;
            }
        }
    }

    private static bool Names(EndpointReference reference, CimInstance source)
    {
        if (reference.ResourceUri is not { } text || CimResourceUri.Parse(text) is not { } uri || !source.Class.IsA(uri.ClassName))
        {
            return false;
        }

        foreach (var selector in reference.Selectors)
        {
            if (!CimKeys.IsNamespace(selector.Name) && !selector.Value.Equals(source[selector.Name].ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }
}

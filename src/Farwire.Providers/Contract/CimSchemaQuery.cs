using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Wql;

namespace Farwire.Providers.Contract;

/// <summary>Questions about classes rather than instances.</summary>
/// <remarks>The WMI SDK, "WQL schema queries": conditions are on <c>__this</c>, <c>__CLASS</c>, <c>__SUPERCLASS</c> and <c>__DYNASTY</c>.</remarks>
internal static class CimSchemaQuery
{
    private static readonly CimClass Meta = new(WqlQuery.MetaClass, null, []);

    public static IEnumerable<CimClass> Find(CimSchema schema, WqlQuery query)
    {
        var filter = new WqlFilter(query, Meta);
        return schema.Classes.Where(c => filter.Matches(new CimInstance(c)));
    }

    /// <summary>The classes that instances of <paramref name="source"/> can belong with, or the associations that say so.</summary>
    public static IEnumerable<CimClass> Associated(CimNamespace place, WqlAssociation question, CimClass source)
    {
        foreach (var association in place.Schema.Classes.Where(c => c.Qualifiers.IsSet("Association") && (question.AssociationClass is null || c.IsA(question.AssociationClass))))
        {
            var references = association.Properties.Where(p => p.Type == CimType.Reference && p.ClassName is not null).ToList();
            foreach (var role in references.Where(r => source.IsA(r.ClassName!) && Is(r.Name, question.Role)))
            {
                if (question.WantsAssociations)
                {
                    yield return association;
                    continue;
                }

                foreach (var other in references.Where(r => r != role && Is(r.Name, question.ResultRole)))
                {
                    if (place.Find(other.ClassName!) is { } result && (question.ResultClass is null || result.IsA(question.ResultClass)))
                    {
                        yield return result;
                    }
                }
            }
        }

        static bool Is(string name, string? wanted) => wanted is null || name.Equals(wanted, StringComparison.OrdinalIgnoreCase);
    }
}

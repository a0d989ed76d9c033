using System.Text.RegularExpressions;
using Farwire.Cim.Classes;

namespace Farwire.Providers.Tests;

/// <summary>The guide to the classes says of each whether it has instances on Linux.</summary>
public sealed partial class GuideTests
{
    private static readonly Farwire.Providers.Contract.CimCatalog Catalog = CimProviders.Linux();

    [Fact]
    public void Every_class_is_in_the_guide_where_it_belongs()
    {
        var guide = File.ReadAllText(Path.Combine(Root(), "docs", "guides", "cim.md"));
        var empty = guide[guide.IndexOf("## Classes without instances", StringComparison.Ordinal)..];
        empty = empty[..empty.IndexOf("\n## ", 10, StringComparison.Ordinal)];
        var served = guide.Replace(empty, "", StringComparison.Ordinal);

        var servedNames = Names(served);
        var emptyNames = Names(empty);
        foreach (var space in Catalog.Namespaces)
        {
            var withInstances = space.Providers.Select(p => p.Class.Name).ToHashSet();
            foreach (var cimClass in Schema(space.Name).Classes.Where(c => !c.IsAbstract && c.Properties.Count > 0 && !c.Qualifiers.IsSet("Association") && !c.Name.StartsWith("CIM_", StringComparison.Ordinal)))
            {
                var expected = withInstances.Contains(cimClass.Name) ? servedNames : emptyNames;
                if (!HasDerived(space.Name, cimClass))
                {
                    Assert.True(expected.Contains(cimClass.Name), $"{cimClass.Name} is not in the guide's list of classes {(withInstances.Contains(cimClass.Name) ? "with" : "without")} instances");
                }
            }
        }

        Assert.DoesNotContain(emptyNames, name => Catalog.Namespaces.Any(n => n.Providers.Any(p => p.Class.Name == name)));
    }

    private static bool HasDerived(string space, CimClass cimClass) => Schema(space).Classes.Any(c => c != cimClass && c.IsA(cimClass.Name));

    private static CimSchema Schema(string space) => Catalog.Namespace(space).Schema;

    // Win32_Perf{Raw,Formatted}Data_X stands for both.
    private static HashSet<string> Names(string text) => [.. Name().Matches(text).SelectMany(m => m.Value.Contains('{', StringComparison.Ordinal)
        ? new[] { m.Value.Replace("{Raw,Formatted}", "Raw", StringComparison.Ordinal), m.Value.Replace("{Raw,Formatted}", "Formatted", StringComparison.Ordinal) }
        : [m.Value])];

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Farwire.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    [GeneratedRegex(@"(?:Win32|MSFT|Linux|CIM)_[A-Za-z0-9_{},]*[A-Za-z0-9_]")]
    private static partial Regex Name();
}

using System.Text.RegularExpressions;
using Farwire.Client.Automation;

namespace Farwire.Peers.Tests.Automation;

/// <summary>docs/guides/scripting.md: its table names what there is.</summary>
public sealed partial class ScriptingGuideTests
{
    private static string Guide => File.ReadAllText(Path.Combine(RunningService.Root, "docs", "guides", "scripting.md"));

    [Fact]
    public void Every_member_of_the_table_is_there_and_no_other()
    {
        foreach (var type in new[] { typeof(WSMan), typeof(Session), typeof(Enumerator), typeof(ResourceLocator), typeof(ConnectionOptions) })
        {
            var row = Guide.Split('\n').Single(line => line.StartsWith($"| `{type.Name}` |", StringComparison.Ordinal)).Split('|')[^2];
            var named = Names().Matches(row).Select(m => m.Groups[1].Value).ToList();
            var members = type.GetMembers().Where(m => m.DeclaringType == type && m is System.Reflection.PropertyInfo or System.Reflection.MethodInfo { IsSpecialName: false }).Select(m => m.Name).Distinct()
                .Except(["Dispose", "Settings"]).Where(m => m != "ToString").ToList();

            var unnamed = members.Where(m => !named.Exists(n => n == m || (n.EndsWith('…') && m.StartsWith(n[..^1], StringComparison.Ordinal)))).ToList();
            Assert.Empty(unnamed);
            Assert.All(named.Where(n => !n.EndsWith('…')), n => Assert.Contains(n, members));
        }
    }

    [GeneratedRegex("`([A-Za-z]+…?)(\\(\\))?`")]
    private static partial Regex Names();
}

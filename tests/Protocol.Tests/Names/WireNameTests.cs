using System.Reflection;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;

namespace Farwire.Protocol.Tests.Names;

public sealed class WireNameTests
{
    [Fact]
    public void Every_name_is_the_one_of_the_standard()
    {
        var transcribed = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "wire", "names.tsv"))
            .Where(l => l[0] != '#').Select(l => l.Split('\t')).ToDictionary(f => f[0], f => f[1]);
        var constants = new[] { typeof(Namespaces), typeof(Actions), typeof(Dialects), typeof(ResourceUris), typeof(ShellNames), typeof(EndpointReference) }
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral && f.FieldType == typeof(string))
                .Select(f => (Name: $"{t.Name}.{f.Name}", Value: (string)f.GetRawConstantValue()!))).ToList();

        Assert.True(constants.Count > 80, "the constants were found");
        Assert.Empty(constants.Where(c => transcribed.GetValueOrDefault(c.Name) != c.Value).Select(c => $"{c.Name} is '{c.Value}', names.tsv has '{transcribed.GetValueOrDefault(c.Name)}'"));
    }
}

using System.Xml.Linq;
using Farwire.Protocol.Names;

namespace Farwire.CommandLine.Output;

/// <summary><c>-format:text</c>: names and values, each level four blanks deeper, a blank line after each item.</summary>
/// <remarks>The layout of Windows' winrm, which scripts read.</remarks>
internal sealed class TextForm : IOutputForm
{
    private const int Step = 4;

    private static readonly XName Nil = XName.Get("nil", Namespaces.SchemaInstance);

    public void Show(TextWriter output, string element)
    {
        Write(output, XElement.Parse(element), 0);
        output.WriteLine();
    }

    private static void Write(TextWriter output, XElement element, int depth)
    {
        var indent = new string(' ', depth);
        var name = element.Name.LocalName;
        if (name == "SelectorSet")
        {
            output.WriteLine($"{indent}{name}");
            output.WriteLine($"{indent}    Selector: {string.Join(", ", element.Elements().Select(s => $"{s.Attribute("Name")?.Value} = {s.Value}"))}");
            return;
        }

        if (!element.HasElements)
        {
            output.WriteLine($"{indent}{name}{Value(element)}");
            return;
        }

        output.WriteLine($"{indent}{name}");
        var children = element.Elements().Where(c => c.Name.LocalName != "Location" || c.Name.NamespaceName != Namespaces.CimCommon).ToList();
        for (var i = 0; i < children.Count; i++)
        {
            var child = children[i];
            var run = children.Skip(i).TakeWhile(c => c.Name == child.Name).Count();
            if (run > 1 && children.Skip(i).Take(run).All(c => !c.HasElements))
            {
                output.WriteLine($"{indent}    {child.Name.LocalName} = {string.Join(", ", children.Skip(i).Take(run).Select(c => c.Value))}");
                i += run - 1;
            }
            else
            {
                Write(output, child, depth + Step);
            }
        }
    }

    private static string Value(XElement element)
    {
        var source = element.Attribute("Source") is { } from ? $" [Source=\"{from.Value}\"]" : "";
        return (bool?)element.Attribute(Nil) == true ? " = null" + source
            : element.Value.Length == 0 ? source
            : $" = {element.Value}{source}";
    }
}

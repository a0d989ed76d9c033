namespace Farwire.CommandLine.PowerShell.Output;

/// <summary><c>-o list</c>: a property a line, an empty line between objects.</summary>
internal sealed class ListForm : ObjectForm
{
    private bool _isFirst = true;

    public override void Show(TextWriter output, object? value)
    {
        if (ObjectText.PropertiesOf(value) is not { Count: > 0 } properties)
        {
            output.WriteLine(ObjectText.Of(value));
            return;
        }

        if (!_isFirst)
        {
            output.WriteLine();
        }

        _isFirst = false;
        var width = properties.Max(p => p.Key.Length);
        foreach (var (name, held) in properties)
        {
            output.WriteLine($"{ObjectText.OneLine(name).PadRight(width)} : {ObjectText.OneLine(ObjectText.Of(held))}".TrimEnd());
        }
    }
}

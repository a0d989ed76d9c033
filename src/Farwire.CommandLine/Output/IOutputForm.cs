namespace Farwire.CommandLine.Output;

/// <summary>A way to show what a service answers, one element at a time.</summary>
internal interface IOutputForm
{
    /// <summary>Shows an element.</summary>
    void Show(TextWriter output, string element);

    /// <summary>Says that several elements may follow.</summary>
    void StartList(TextWriter output)
    {
    }

    /// <summary>Says that the last of them was shown.</summary>
    void EndList(TextWriter output)
    {
    }
}

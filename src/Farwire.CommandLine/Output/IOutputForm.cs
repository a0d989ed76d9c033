namespace Farwire.CommandLine.Output;

/// <summary>A way to show what a service answers, one element at a time.</summary>
internal interface IOutputForm
{
    /// <summary>Shows an element.</summary>
    void Show(TextWriter output, string element);
}

namespace Farwire.Client.ShellApi;

/// <summary>Says which function of Windows' client shell API a member stands for.</summary>
/// <param name="name">The function.</param>
/// <remarks>WSMan API, "Client Shell API functions".</remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor, AllowMultiple = true)]
public sealed class WSManFunctionAttribute(string name) : Attribute
{
    /// <summary>The function.</summary>
    public string Name { get; } = name;
}

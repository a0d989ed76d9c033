using Farwire.Protocol.Names;

namespace Farwire.Service.Resources;

/// <summary>Something that can be managed. What it can do it declares by the interfaces it wears; the rest the dispatcher refuses.</summary>
/// <remarks>DSP0226, "Resource access". One object serves all instances: selectors arrive with each request.</remarks>
public interface IResource
{
    /// <summary>True when the resource understands the option <paramref name="name"/>; asked only for options with MustComply.</summary>
    /// <remarks>DSP0226, "wsman:OptionSet".</remarks>
    bool AcceptsOption(string name) => false;
}

/// <summary>A resource whose Get, Put or both can be about a part of the representation.</summary>
/// <remarks>DSP0226, "Fragment-level WS-Transfer". The fragment stands in <c>OperationContext.Headers.FragmentTransfer</c>.</remarks>
public interface IFragmentResource : IResource
{
    /// <summary>True when <paramref name="action"/> can be about a part.</summary>
    bool TakesFragment(string action) => action is Actions.Get or Actions.Put;
}

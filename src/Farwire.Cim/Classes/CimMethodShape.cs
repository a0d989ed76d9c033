using System.Runtime.CompilerServices;

namespace Farwire.Cim.Classes;

/// <summary>The bodies of a method as classes, whose properties are the parameters.</summary>
/// <param name="Input"><c>Method_INPUT</c>: what the caller gives.</param>
/// <param name="Output"><c>Method_OUTPUT</c>: what the method returns, ReturnValue too.</param>
/// <remarks>DSP0227, "Extrinsic methods".</remarks>
public sealed record CimMethodShape(CimClass Input, CimClass Output)
{
    private const string OutputSuffix = "_OUTPUT";

    // Kept beside the method and as long as it: a method is a value, and its shape is always the same.
    private static readonly ConditionalWeakTable<CimMethod, CimMethodShape> Shapes = [];

    /// <summary>The shape of <paramref name="method"/>.</summary>
    public static CimMethodShape Of(CimMethod method) => Shapes.GetValue(method, static m => new CimMethodShape(
        new CimClass(m.Name + "_INPUT", null, m.Parameters.Where(p => p.IsIn).Select(Property)),
        new CimClass(m.Name + OutputSuffix, null, [.. m.Parameters.Where(p => p.IsOut).Select(Property), .. ReturnValue(m)])));

    /// <summary>The shape of the element <paramref name="localName"/> when it is what a method of <paramref name="cimClass"/> returned; else null.</summary>
    public static CimClass? OutputNamed(CimClass cimClass, string localName) =>
        localName.EndsWith(OutputSuffix, StringComparison.Ordinal) && cimClass.Method(localName[..^OutputSuffix.Length]) is { } method ? Of(method).Output : null;

    private static IEnumerable<CimProperty> ReturnValue(CimMethod method) => method.ReturnType is { } type ? [new CimProperty("ReturnValue", type)] : [];

    private static CimProperty Property(CimParameter p) => new(p.Name, p.Type) { IsArray = p.IsArray, ClassName = p.ClassName };
}

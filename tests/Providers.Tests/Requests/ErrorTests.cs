using System.Xml.Linq;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;

namespace Farwire.Providers.Tests.Requests;

/// <summary>Errors of WMI in both of their forms, and questions made to break something.</summary>
public sealed class ErrorTests : IAsyncDisposable
{
    private static readonly OptionSet Mi = OptionSet.Of(new Option("wmi:__MI_OPERATIONOPTIONS_WRITEERRORMODE", "1"));

    private readonly FixedService _service = new();

    [Theory]
    [InlineData(FixedService.Test + "/T_Nothing", 0x80041010u, 5)]
    [InlineData(ResourceUris.Wmi + "/root/nowhere/T_Thing", 0x8004100Eu, 3)]
    [InlineData(FixedService.Test + "/T_Thing", 0x80041002u, 6)]
    public async Task A_client_of_MI_gets_an_MSFT_WmiError_and_an_older_one_an_extended_status(string uri, uint code, int status)
    {
        var old = await _service.FaultAsync(Actions.Get, uri, keys: ("Name", "nobody"));
        var mi = await _service.FaultAsync(Actions.Get, uri, options: Mi, keys: ("Name", "nobody"));

        Assert.Contains($"<p:StatusCode>{code}<", old.Provider!.ExtendedError, StringComparison.Ordinal);
        Assert.Equal(2150858752u, old.Code);
        Assert.Equal(("s:Receiver", "w:InternalError", ""), (mi.SoapCode, mi.Subcode, mi.Reason));
        var error = XElement.Parse(mi.OtherDetail!);
        Assert.Equal(ResourceUris.CimSchema + "/MSFT_WmiError", error.Name.NamespaceName);
        Assert.Equal(
            ["CIMStatusCode", "CIMStatusCodeDescription", "ErrorSource", "ErrorSourceFormat", "ErrorType", "Message", "MessageID", "OtherErrorSourceFormat", "OtherErrorType", "OwningEntity",
             "PerceivedSeverity", "ProbableCause", "ProbableCauseDescription", "error_Category", "error_Code", "error_Type", "error_WindowsErrorMessage"],
            error.Elements().Select(e => e.Name.LocalName));
        Assert.All(error.Elements(), e => Assert.NotNull(e.Attribute(XName.Get("type", Namespaces.SchemaInstance))));
        Assert.Equal((status.ToString(System.Globalization.CultureInfo.InvariantCulture), code.ToString(System.Globalization.CultureInfo.InvariantCulture)), (error.Texts("CIMStatusCode")[0], error.Texts("error_Code")[0]));
        Assert.Equal($"HRESULT 0x{code:x8}", error.Texts("MessageID")[0]);
    }

    [Theory]
    [InlineData(1_000_000, 0x8004106Cu)]
    [InlineData(10_000, 0x8004106Cu)]
    public async Task A_query_of_a_megabyte_or_ten_thousand_terms_is_refused_at_once(int size, uint status)
    {
        var query = "select * from T_Thing where " + (size > 100_000 ? $"Name = '{new string('x', size)}'" : string.Join(" or ", Enumerable.Repeat("Count=1", size)));

        // Larger than an envelope the query does not come this far.
        var fault = await _service.ListFaultAsync(FixedService.Test + "/*", new Enumerate { Filter = Filter.Wql(query[..Math.Min(query.Length, 400_000)]) });

        Assert.Contains($"<p:StatusCode>{status}<", fault.Provider!.ExtendedError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select * from T_Thing where Name = 'open")]
    [InlineData("select * from T_Thing where Count = 'many'")]
    [InlineData("select * from T_Thing where Count = true")]
    [InlineData("select * from T_Thing where Words = 'red'")]
    [InlineData("select * from T_Thing where Wings = 1")]
    [InlineData("select Wings from T_Thing")]
    [InlineData("select __WINGS from T_Thing")]
    [InlineData("select * from T_Thing where (Count = 1")]
    public async Task A_query_that_makes_no_sense_is_invalid(string query)
    {
        var fault = await _service.ListFaultAsync(FixedService.Test + "/*", new Enumerate { Filter = Filter.Wql(query) });

        Assert.Contains($"<p:StatusCode>{0x80041017u}<", fault.Provider!.ExtendedError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select __CLASS, Name from T_Base where Name = 'three'", "__CLASS=T_Special|Name=three")]
    [InlineData("select __RELPATH, __SUPERCLASS, __DYNASTY, __GENUS from T_Special", "__DYNASTY=T_Base|__GENUS=2|__RELPATH=T_Special.Name=\"three\"|__SUPERCLASS=T_Thing")]
    [InlineData("select T_Thing.Name from T_Thing where __CLASS = 'T_Thing' and Inner.A = 'inside' and Inner.B < 0 and Name <> 'two'", "Name=one")]
    [InlineData("select Name from T_Thing where Inner.Wings = 1", "")]
    [InlineData("select Name from T_Thing where Inner ISA 'T_Inner' and Name like 'o%'", "Name=one")]
    [Trait("Feature", "WMI-10")]
    public async Task System_properties_and_embedded_ones_are_selected_and_compared(string query, string expected)
    {
        var found = await _service.QueryAsync(query);

        Assert.Equal(expected, string.Join('|', found.SelectMany(f => f.Elements()).Select(e => $"{e.Name.LocalName}={e.Value}")));
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();
}

using Farwire.Cim.Naming;
using Farwire.Cim.Wql;

namespace Farwire.Cim.Tests.Wql;

/// <summary>Object paths, and the statements that are no data queries.</summary>
public sealed class StatementTests
{
    [Theory]
    [InlineData(@"\\.\root\cimv2:Win32_Service.Name=""a\""b,c""", "root/cimv2", "Win32_Service.Name=\"a\\\"b,c\"")]
    [InlineData("Win32_Service='winrm'", null, "Win32_Service=\"winrm\"")]
    [InlineData("C.A='1', B=2", null, "C.A=\"1\",B=\"2\"")]
    [InlineData("Win32_OperatingSystem=@", null, "Win32_OperatingSystem=@")]
    [InlineData("Win32_Process", null, "Win32_Process")]
    [InlineData(@"C.Name='x:y=z.w'", null, "C.Name=\"x:y=z.w\"")]
    public void A_path_is_read(string text, string? ns, string again)
    {
        var path = CimObjectPath.Parse(text);

        Assert.Equal(ns, path!.Namespace);
        Assert.Equal(again, path.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("C.")]
    [InlineData("C.A")]
    [InlineData("C.A=")]
    [InlineData("C.A='1' B='2'")]
    [InlineData("C.A='1")]
    [InlineData("a b")]
    [InlineData("='x'")]
    public void What_is_no_path_is_none(string text) => Assert.Null(CimObjectPath.Parse(text));

    [Fact]
    public void The_clauses_of_an_event_query_are_read()
    {
        var query = WqlQuery.Parse("select * from __InstanceCreationEvent within 0.5 where TargetInstance isa 'X' group within 10 by TargetInstance.A, B having NumberOfEvents > 3");

        Assert.Equal(TimeSpan.FromSeconds(0.5), query.Within);
        Assert.Equal(TimeSpan.FromSeconds(10), query.Group!.Within);
        Assert.Equal(["TargetInstance.A", "B"], query.Group.By);
        Assert.Equal(new WqlComparison("NumberOfEvents", WqlOperator.Greater, 3ul), query.Group.Having);
    }

    [Theory]
    [InlineData("select * from X within -1")]
    [InlineData("select * from X group by a")]
    [InlineData("associators of X")]
    [InlineData("associators of {X.A=1} where")]
    [InlineData("associators of {X.A=1} where Role=a Role=b")]
    [InlineData("associators of {X} where Role=a")]
    [InlineData("references of {X.A=1} where SchemaOnly")]
    public void What_is_no_statement_is_refused(string text) => Assert.Throws<WqlException>(() => WqlStatement.Parse(text));
}

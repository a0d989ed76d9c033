using Farwire.Service.Access;

namespace Farwire.Service.Tests.Access;

public sealed class SddlTests
{
    [Fact]
    public void The_root_descriptor_of_Windows_is_read()
    {
        var descriptor = SecurityDescriptor.Parse("O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)");

        Assert.Equal(Sid.NetworkService, descriptor.Owner!.Sid);
        Assert.Equal(Sid.Administrators, descriptor.Group!.Sid);
        Assert.Equal(
            [(AccessMask.GenericAll, Sid.Administrators), (AccessMask.GenericRead, Sid.Interactive)],
            descriptor.Access.Select(e => (e.Mask, e.Trustee.Sid!.Value)));
        Assert.Equal(
            [(AccessControlEntryFlags.AuditFailure, AccessMask.GenericAll), (AccessControlEntryFlags.AuditSuccess, AccessMask.GenericExecute | AccessMask.GenericWrite)],
            descriptor.Audit.Select(e => (e.Flags, e.Mask)));
    }

    [Theory]
    [InlineData("D:(A;;0x1200a9;;;S-1-5-21-1-2-3-1001)", 0x1200a9u)]
    [InlineData("d:pai ( a ; ci io ; ccdc ; ; ; wd )", 3u)]
    [InlineData("O:S-1-5-32-544D:AR(D;OICI;FA;;;SY)", 0x1F01FFu)]
    [InlineData("D:(A;;268435456;;;AU)", AccessMask.GenericAll)]
    public void Every_form_of_rights_is_read(string sddl, uint mask) =>
        Assert.Equal(mask, Assert.Single(SecurityDescriptor.Parse(sddl.Replace("ci io", "CIIO", StringComparison.Ordinal)).Access).Mask);

    [Theory]
    [InlineData("", "needs a DACL")]
    [InlineData("O:BA", "needs a DACL")]
    [InlineData("D:NO_ACCESS_CONTROL", "everybody")]
    [InlineData("D:(A;;GA;;;BA", "closing parenthesis")]
    [InlineData("D:(A;;GA;;BA)", "six fields")]
    [InlineData("D:(A;;GA;;;QQ)", "'QQ'")]
    [InlineData("D:(A;;GQ;;;BA)", "'GQ'")]
    [InlineData("D:(A;;GAG;;;BA)", "two letters")]
    [InlineData("D:(A;XX;GA;;;BA)", "'XX'")]
    [InlineData("D:(OA;;GA;;;BA)", "'OA'")]
    [InlineData("D:(XA;;GA;;;BA)", "'XA'")]
    [InlineData("D:(AU;SA;GA;;;BA)", "'AU'")]
    [InlineData("S:(A;;GA;;;BA)", "'A'")]
    [InlineData("D:(A;;GA;00000000-0000-0000-0000-000000000000;;BA)", "object types")]
    [InlineData("D:S:(AU;;GA;;;BA)", "SA, FA")]
    [InlineData("D:(A;;0x123456789;;;BA)", "32 bits")]
    [InlineData("D:D:", "second time")]
    [InlineData("X:BA", "O:, G:, D: or S:")]
    [InlineData("D:(A;;GA;;;S-1-5-99999999999)", "S-1-5-99999999999")]
    public void What_cannot_be_judged_is_refused_with_its_place(string sddl, string reason) =>
        Assert.Contains(reason, Assert.Throws<SddlException>(() => SecurityDescriptor.Parse(sddl)).Message, StringComparison.Ordinal);

    [Fact]
    public void Broken_descriptors_in_bulk_are_refused_and_nothing_else_happens()
    {
        const string alphabet = "OGDS:();AUPIRWBX0123456789-x ";
        var random = new Random(20261124);
        var seed = AccessPolicy.DefaultRootSddl;
        for (var round = 0; round < 100_000; round++)
        {
            var text = seed.ToCharArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                text[random.Next(text.Length)] = alphabet[random.Next(alphabet.Length)];
            }

            try
            {
                Assert.NotNull(SecurityDescriptor.Parse(new string(text, 0, random.Next(text.Length + 1))));
            }
            catch (SddlException)
            {
                // the only way to refuse
            }
        }
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using Farwire.Cim.Classes;
using Farwire.Cim.Mof;

namespace Farwire.Cim.Tests.Mof;

public sealed class MofTests
{
    [Fact]
    public void The_classes_of_Windows_load_with_their_ancestors()
    {
        var schema = new CimSchema("root/cimv2").AddMof(File.ReadAllText(Fixture("root_cimv2.mof")));

        Assert.Equal(208, schema.Classes.Count());
        Assert.True(schema.Find("win32_service")!.IsA("CIM_LogicalElement"));
    }

    [Fact]
    public void The_whole_schema_of_the_DMTF_parses()
    {
        var classes = 0;
        using var tar = new TarReader(new GZipStream(File.OpenRead(Fixture("dmtf-cim-2.32.0-mof.tar.gz")), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not null && entry.Name.EndsWith(".mof", StringComparison.OrdinalIgnoreCase))
            {
                using var text = new StreamReader(entry.DataStream);
                classes += MofParser.Parse(text.ReadToEnd()).Classes.Count;
            }
        }

        Assert.True(classes > 1400, $"{classes} classes");
    }

    [Fact]
    public void The_embedded_classes_have_keys_methods_and_descriptions()
    {
        var process = CimSchema.CimV2.Find("Win32_Process")!;

        Assert.Equal(["Handle"], process.Keys.Select(k => k.Name));
        Assert.True(process.Method("create")!.IsStatic || process.Method("create") is not null);
        Assert.Equal(CimType.UInt32, process.Property("processid")!.Type);
        Assert.NotEmpty(process.Qualifiers["Description"].AsString());
        Assert.Equal(process.Properties.Select(p => p.Name).Order(StringComparer.OrdinalIgnoreCase), process.Properties.Select(p => p.Name));
    }

    [Theory]
    [InlineData("class A { uint8 B; }", 1, 21, "';' was expected")]
    [InlineData("class A {\n  uint9 B;\n};", 2, 9, "'uint9' is not a type")]
    [InlineData("class A : Missing { };", 1, 1, "derives from Missing")]
    [InlineData("class A { string B = \"x\n\"; };", 1, 0, "does not end")]
    [InlineData("class A { uint8 B = 256; };", 1, 24, "does not fit uint8")]
    [InlineData("/* class", 1, 0, "comment does not end")]
    public void An_error_names_its_place(string mof, int line, int column, string problem)
    {
        var error = Assert.Throws<MofException>(() => new CimSchema("x").AddMof(mof));

        Assert.Equal(line, error.Line);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        if (column > 0)
        {
            Assert.Equal(column, error.Column);
        }
    }

    [Fact]
    public void Every_form_of_declaration_is_read()
    {
        const string mof = """
            #pragma namespace("root\\x")
            // a qualifier of our own
            Qualifier Loud : boolean = false, Scope(class, property), Flavor(EnableOverride);
            [Loud, Version ( "2." "7" ), Description("a \"quoted\" text"): ToSubclass]
            class T_Base { [key] string Id; uint16 Sizes[] = { 1, 0x10, 101b, 017 }; boolean On = TRUE; real64 R = -1.5e3; datetime D; };
            class T_Derived as $D1 : T_Base {
              string Id;
              [EmbeddedInstance("T_Base")] string Inner;
              T_Base ref Friend;
              [Static] uint32 Run([In] string Names[], [Out] T_Base ref Made);
            };
            instance of T_Base as $I { Id = "1"; };
            """;

        var schema = new CimSchema("root/x").AddMof(mof);
        var derived = schema.Find("T_Derived")!;

        Assert.Equal(["Id"], derived.Keys.Select(k => k.Name));
        Assert.Equal("{1, 16, 5, 15}", derived.Property("Sizes")!.Default.ToString());
        Assert.Equal(-1500.0, derived.Property("R")!.Default.AsDouble());
        Assert.Equal(CimType.Instance, derived.Property("Inner")!.Type);
        Assert.Equal("T_Base", derived.Property("Friend")!.ClassName);
        var run = derived.Method("Run")!;
        Assert.True(run.IsStatic);
        Assert.True(run.Parameters[0] is { IsArray: true, IsIn: true, IsOut: false });
        Assert.True(run.Parameters[1] is { Type: CimType.Reference, IsOut: true, IsIn: false });
        Assert.Equal("2.7", schema.Find("T_Base")!.Qualifiers["version"].AsString());
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);
}

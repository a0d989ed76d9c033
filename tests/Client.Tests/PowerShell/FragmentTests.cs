using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Fragments;

namespace Farwire.Client.Tests.PowerShell;

public sealed class FragmentTests
{
    private static readonly byte[] Message = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    [Theory]
    [InlineData(22, 100)]
    [InlineData(121, 1)]
    [InlineData(71, 2)]
    [InlineData(4096, 1)]
    public void A_message_comes_through_whatever_its_fragments_hold(int fragmentBytes, int fragments)
    {
        var pieces = new FragmentSplitter(fragmentBytes).Split(Message);
        var assembler = new FragmentAssembler();

        var whole = pieces.SelectMany(p => assembler.Add(p)).ToList();

        Assert.Equal(fragments, pieces.Count);
        Assert.All(pieces, p => Assert.True(p.Length <= fragmentBytes));
        Assert.Equal(Message, Assert.Single(whole).ToArray());
        Assert.Equal(0, assembler.OpenCount);
    }

    [Fact]
    public void An_empty_message_is_one_fragment()
    {
        var piece = Assert.Single(new FragmentSplitter(64).Split(default));

        Assert.True(Assert.Single(new FragmentAssembler().Add(piece)).IsEmpty);
    }

    [Fact]
    public void Fragments_of_several_messages_may_come_mixed_and_many_in_one_piece()
    {
        var splitter = new FragmentSplitter(Fragment.HeaderBytes + 40);
        var first = splitter.Split(Message);
        var second = splitter.Split(Message.AsMemory(50));

        var whole = new FragmentAssembler().Add((byte[])[.. first[0], .. second[0], .. first[1], .. second[1], .. first[2]]);

        Assert.Equal([Message[50..], Message], whole.Select(w => w.ToArray()));
    }

    [Fact]
    public void Broken_fragments_are_clear_errors()
    {
        var pieces = new FragmentSplitter(Fragment.HeaderBytes + 40).Split(Message);

        Refused("cut off", pieces[0][..^1]);
        Refused("cut off in its header", pieces[0][..20]);
        Refused("has no beginning", pieces[1]);
        Refused("begins again", pieces[0], pieces[0]);
        Refused("has fragment 2 where 1 must be", pieces[0], pieces[2]);
        Refused("has fragment 1 where 2 must be", pieces[0], pieces[1], pieces[1]);
        Refused("has no beginning", pieces[0], pieces[1], pieces[2], pieces[2]);
    }

    [Fact]
    public void Whoever_sends_can_hold_no_more_than_the_limit()
    {
        var splitter = new FragmentSplitter(Fragment.HeaderBytes + 40);
        var (first, second) = (splitter.Split(Message), splitter.Split(Message));
        var assembler = new FragmentAssembler(120);
        assembler.Add(first[0]);
        assembler.Add(second[0]);
        assembler.Add(first[1]);

        Assert.Contains("larger than the 120 bytes", Assert.Throws<PowerShellProtocolException>(() => assembler.Add(second[1])).Message, StringComparison.Ordinal);
        Assert.Throws<PowerShellProtocolException>(() => new FragmentAssembler(99).Add(new FragmentSplitter(4096).Split(Message)[0]));

        var many = new FragmentAssembler();
        for (var i = 0; i < FragmentAssembler.MaxOpen; i++)
        {
            many.Add(splitter.Split(Message)[0]);
        }

        Assert.Throws<PowerShellProtocolException>(() => many.Add(splitter.Split(Message)[0]));
    }

    private static void Refused(string why, params byte[][] pieces)
    {
        var assembler = new FragmentAssembler();

        var refusal = Assert.Throws<PowerShellProtocolException>(() => Array.ForEach(pieces, p => assembler.Add(p)));

        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }
}

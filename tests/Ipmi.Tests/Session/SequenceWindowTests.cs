using Farwire.Ipmi.Session;

namespace Farwire.Ipmi.Tests.Session;

public sealed class SequenceWindowTests
{
    [Fact]
    public void A_number_is_taken_once()
    {
        var window = default(SequenceWindow);

        Assert.True(window.Accept(10));
        Assert.False(window.Accept(10));
        Assert.True(window.Accept(11));
        Assert.False(window.Accept(10));
    }

    [Fact]
    public void Late_numbers_are_taken_within_the_window_only()
    {
        var window = default(SequenceWindow);
        window.Accept(100);

        Assert.True(window.Accept(69));
        Assert.False(window.Accept(69));
        Assert.False(window.Accept(68));
        Assert.True(window.Accept(99));
    }

    [Fact]
    public void A_jump_forgets_what_lies_behind_it()
    {
        var window = default(SequenceWindow);
        window.Accept(1);

        Assert.True(window.Accept(1000));
        Assert.False(window.Accept(1));
        Assert.True(window.Accept(999));
        Assert.Equal(2, window.Count);
    }

    [Fact]
    public void Numbers_wrap_around_and_zero_is_none()
    {
        var window = default(SequenceWindow);

        Assert.False(window.Accept(0));
        Assert.True(window.Accept(uint.MaxValue));
        Assert.True(window.Accept(1));
        Assert.False(window.Accept(uint.MaxValue));
    }
}

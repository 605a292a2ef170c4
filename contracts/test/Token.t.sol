// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AutoDaoFactory} from "../src/dao/AutoDaoFactory.sol";
import {Multicall} from "../src/Multicall.sol";
import {Titles} from "../src/lib/Titles.sol";
import {HostileWallet} from "./Hostile.sol";
import {World} from "./World.sol";

contract TokenTest is World {
    function setUp() public {
        layGround();
        makeDao(false);
    }

    /// The short way to past votes against a plain walk over the checkpoints.
    function testFuzz_past_votes_are_those_of_the_last_checkpoint_before(uint256 seed) public {
        for (uint256 i; i < 30; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (address a, address b) = (accountOf((seed >> 8) % 4), accountOf((seed >> 16) % 4));
            if (seed % 3 == 0) vm.warp(time() + 1 + ((seed >> 24) % 100));
            uint256 amount = bound(seed >> 32, 0, token.balanceOf(a));
            vm.prank(a);
            if (seed % 3 == 1) token.delegate(b);
            else token.transfer(b, amount);
        }
        uint256 timepoint = START - 5 + (seed % (time() - START + 5));
        for (uint256 i; i < 5; ++i) {
            address account = accountOf(i);
            uint256 votes;
            for (uint32 k; k < token.numCheckpoints(account); ++k) {
                if (token.checkpoints(account, k)._key <= timepoint) votes = token.checkpoints(account, k)._value;
            }
            vm.assertEq(token.getPastVotes(account, timepoint), votes, "past votes");
        }
    }

    function test_votes_of_this_second_are_not_past_yet() public {
        address account = accountOf(1);
        uint256 now_ = time();
        vm.expectRevert();
        token.getPastVotes(account, now_);
        vm.expectRevert();
        token.getPastVotes(address(0x1234), now_);
        vm.assertEq(token.getPastVotes(account, now_ - 1), 0, "before the mint");
    }

    function test_no_vote_makes_more_than_the_cap() public {
        AutoDaoFactory.DaoParams memory p = params(false);
        p.salt = "capped";
        p.maxSupply = uint96(token.totalSupply() - 1);
        vm.expectRevert();
        factory.create(p);
        p.maxSupply += 6;
        makeDao(p);
        vm.assertEq(token.maxSupply(), p.maxSupply, "cap");
        vm.prank(address(timelock));
        token.mint(accountOf(1), 5);
        vm.prank(address(timelock));
        vm.expectRevert();
        token.mint(accountOf(1), 1);
    }

    function test_a_permit_is_signed_in_the_name_of_the_token() public {
        (address owner, address spender, uint256 deadline) = (accountOf(1), address(this), time());
        bytes32 permit = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(permit, owner, spender, 5, 0, deadline));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(1), typed(domainOf("Boat", address(token)), structHash));
        token.permit(owner, spender, 5, deadline, v, r, s);
        vm.assertEq(token.allowance(owner, spender), 5, "allowed");
        vm.expectRevert();
        token.permit(owner, spender, 5, deadline, v, r, s);
    }

    function test_titles_are_the_first_line_that_says_something() public pure {
        title("Buy a boat", "Buy a boat");
        title("# Buy a boat\n\nFor the weekends.", "Buy a boat");
        title("\n\n  ## Buy a boat \t\r\nmore", "Buy a boat");
        title("Buy #1 boat #", "Buy #1 boat #");
        bytes memory long = new bytes(300);
        for (uint256 i; i < 300; ++i) long[i] = "a";
        bytes memory cut = new bytes(200);
        for (uint256 i; i < 200; ++i) cut[i] = "a";
        title(string(long), string(cut));
        // A character of three bytes over the edge is left out whole.
        bytes memory edge = bytes.concat(shorten(cut, 198), unicode"…", "b");
        title(string(edge), string(shorten(cut, 198)));
        edge = bytes.concat(shorten(cut, 197), unicode"…", "b");
        title(string(edge), string(bytes.concat(shorten(cut, 197), unicode"…")));
    }

    function test_one_call_that_fails_or_burns_its_gas_harms_no_other() public {
        Multicall multicall = new Multicall();
        HostileWallet wallet = new HostileWallet();
        wallet.set(HostileWallet.Mood.BurnsGas);
        bytes[] memory calls = new bytes[](4);
        calls[0] = abi.encodeCall(wallet.mood, ());
        calls[1] = abi.encodeCall(HostileWallet.isValidSignature, (0, ""));
        calls[2] = hex"deadbeef";
        calls[3] = abi.encodeCall(wallet.mood, ());
        (bool[] memory ok, bytes[] memory results) = multicall.tryAll(address(wallet), calls);
        vm.assertTrue(ok[0] && !ok[1] && !ok[2] && ok[3], "outcomes");
        vm.assertEq(results[3], abi.encode(HostileWallet.Mood.BurnsGas), "result");
        vm.expectRevert(abi.encodeWithSelector(Multicall.NotEnoughGas.selector, 0));
        multicall.tryAll{gas: 300_000}(address(wallet), calls);
    }

    function title(string memory text, string memory expected) private pure {
        vm.assertEq(Titles.hashOf(text), keccak256(bytes(expected)), expected);
    }

    function shorten(bytes memory text, uint256 length) private pure returns (bytes memory short) {
        short = new bytes(length);
        for (uint256 i; i < length; ++i) short[i] = text[i];
    }
}

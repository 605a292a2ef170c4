// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPolls} from "../src/interfaces/IPolls.sol";
import {PollsWorld} from "./PollsWorld.sol";

/// Who wins. Voter i has about i + 1 NOMIC; of voters 3, 10, 17 … nothing.
contract PollOutcomeTest is PollsWorld {
    function setUp() public {
        layPolls();
    }

    function start(IPolls.Kind kind, IPolls.Majority majority, uint96 minimum, uint8 fallback_) private {
        ask(kind, 3);
        IPolls.PollParams[] memory list = pollParams();
        (list[0].majority, list[0].minimum, list[0].fallback_) = (majority, minimum, fallback_);
        openWith(list);
    }

    function test_the_first_option_can_win() public {
        start(IPolls.Kind.Single, IPolls.Majority.None, 0, 0);
        cast(2, 1, one(only(1)));
        cast(1, 1, one(only(2)));
        expectOutcome(1, IPolls.Verdict.Elected);
    }

    function test_a_poll_without_votes_or_with_abstentions_only_elects_nothing() public {
        start(IPolls.Kind.Single, IPolls.Majority.None, 0, 2);
        expectOutcome(2, IPolls.Verdict.NoVotes);
        cast(1, 1, one(only(0)));
        cast(2, 1, one(none()));
        expectOutcome(2, IPolls.Verdict.NoVotes);
    }

    function test_who_abstains_never_wins_nor_counts_against_a_majority_but_towards_the_minimum() public {
        start(IPolls.Kind.Single, IPolls.Majority.Participating, uint96(stakeOf(1) + stakeOf(9)), 3);
        cast(1, 1, one(only(2)));
        expectOutcome(3, IPolls.Verdict.TooFewVotes);
        cast(8, 1, one(only(0)));
        expectOutcome(3, IPolls.Verdict.TooFewVotes);
        cast(9, 1, one(only(0)));
        expectOutcome(2, IPolls.Verdict.Elected);
    }

    function test_a_tie_for_the_first_place_elects_nothing() public {
        start(IPolls.Kind.Approval, IPolls.Majority.None, 0, 0);
        cast(1, 1, one(pair(1, 2)));
        expectOutcome(0, IPolls.Verdict.Tie);
        cast(2, 1, one(only(2)));
        expectOutcome(2, IPolls.Verdict.Elected);
    }

    function test_exactly_half_with_the_most_votes_is_no_majority() public {
        leave(6, 3, 3);
        start(IPolls.Kind.Single, IPolls.Majority.Active, 0, 0);
        cast(5, 1, one(only(1)));
        cast(6, 1, one(only(2)));
        cast(7, 1, one(only(3)));
        expectOutcome(0, IPolls.Verdict.NoMajority);
        cast(7, 2, one(only(0)));
        expectOutcome(1, IPolls.Verdict.Elected);
    }

    function test_a_ballot_whose_options_are_out_still_counts_in_the_base_of_participating() public {
        runOffOfThree(IPolls.Majority.Participating);
        expectOutcome(0, IPolls.Verdict.NoMajority);
    }

    function test_a_ballot_whose_options_are_out_does_not_count_in_the_base_of_active() public {
        runOffOfThree(IPolls.Majority.Active);
        expectOutcome(1, IPolls.Verdict.Elected);
        (uint256 winner, uint256[][] memory rounds) = polls.runOff(firstPoll);
        vm.assertEq(winner, 1, "winner");
        vm.assertEq(rounds.length, 2, "rounds");
        vm.assertEq(rounds[0][2], 3, "third in the first round");
        vm.assertEq(rounds[1][0], 6, "first in the second round");
        vm.assertEq(rounds[1][1], 5, "second in the second round");
        vm.assertEq(rounds[1][2], 0, "out");
    }

    /// 6 for the first, 5 for the second, 3 for the third and nobody else.
    function runOffOfThree(IPolls.Majority majority) private {
        leave(6, 5, 3);
        start(IPolls.Kind.Ranked, majority, 0, 0);
        cast(5, 1, one(pair(1, 2)));
        cast(6, 1, one(only(2)));
        cast(7, 1, one(only(3)));
    }

    function test_a_ranking_that_is_taken_back_by_everyone_weighs_nothing() public {
        start(IPolls.Kind.Ranked, IPolls.Majority.Active, 0, 0);
        cast(1, 1, one(three(1, 2, 3)));
        cast(1, 2, one(three(3, 2, 1)));
        (uint256[] memory list, uint256[] memory votes) = polls.rankings(firstPoll);
        vm.assertEq(abi.encode(list), abi.encode(pair(0x321, 0x123)), "rankings, the first choice lowest");
        vm.assertEq(abi.encode(votes), abi.encode(pair(0, stakeOf(1))), "votes");
        cast(1, 3, one(three(1, 2, 3)));
        (list, votes) = polls.rankings(firstPoll);
        vm.assertEq(abi.encode(votes), abi.encode(pair(stakeOf(1), 0)), "votes again");
        expectOutcome(1, IPolls.Verdict.Elected);
    }

    function test_only_ranked_polls_run_off() public {
        start(IPolls.Kind.Single, IPolls.Majority.Active, 0, 0);
        vm.expectRevert(IPolls.BadRules.selector);
        polls.runOff(firstPoll);
    }

    /// Leaves voters 5, 6 and 7 with so many votes.
    function leave(uint256 a, uint256 b, uint256 c) private {
        uint256[3] memory left = [a, b, c];
        for (uint256 i; i < 3; ++i) {
            address account = accountOf(5 + i);
            uint256 rest = nomic.balanceOf(account) - left[i];
            vm.prank(account);
            nomic.transfer(accountOf(1), rest);
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPolls} from "../src/interfaces/IPolls.sol";
import {TokenPolls} from "../src/polls/TokenPolls.sol";
import {PaperModel} from "./PaperModel.sol";
import {Shipped} from "./Shipped.sol";

/// What an answer of a batch of first papers may cost, with five single choices a paper: measured. Lower the
/// numbers when they can be lowered; `npm run bench -- gas` has the whole transactions.
contract GasPollsTest is PaperModel, Shipped {
    uint256 private constant NOMIC_ANSWER = 3957;
    uint256 private constant TOKEN_ANSWER = 4456;
    uint256 private constant RANKED_ANSWER = 19_531;
    uint256 private constant BAD_PAPER = 10_945;

    function setUp() public {
        layGround();
        makeDao(false);
        makeNomic();
        nomic.enrol(list(1, VOTERS));
    }

    function test_an_answer_weighed_by_nomic_costs_no_more_than_it_did() public {
        useNomic();
        askFive();
        expectGas(NOMIC_ANSWER, "Polls");
    }

    function test_an_answer_weighed_by_any_token_costs_no_more_than_it_did() public {
        TokenPolls own = TokenPolls(deploy("TokenPolls", abi.encode("Token Polls", ids, token, 0)));
        own.enrol(list(1, VOTERS));
        (box, paperDomain) = (own, domainOf("Token Polls", address(own)));
        askFive();
        expectGas(TOKEN_ANSWER, "TokenPolls");
    }

    function test_a_ranking_costs_no_more_than_it_did() public {
        useNomic();
        ask(IPolls.Kind.Ranked, 3);
        openPaper();
        expectGas(RANKED_ANSWER, "Polls");
    }

    function test_a_batch_of_wrong_signatures_costs_no_more_than_it_did() public {
        useNomic();
        askFive();
        (bytes memory papers, uint256 count) = batch(900);
        uint256 before = gasleft();
        box.castPapers(paperId, papers);
        expectCost((before - gasleft()) / count, BAD_PAPER, "gas a paper", "Polls");
    }

    function useNomic() private {
        (box, paperDomain) = (polls, domainOf("Nomic Polls", address(polls)));
    }

    function askFive() private {
        for (uint256 i; i < 5; ++i) ask(IPolls.Kind.Single, 3);
        openPaper();
    }

    function expectGas(uint256 most, string memory name) private {
        (bytes memory papers, uint256 count) = batch(0);
        uint256 before = gasleft();
        box.castPapers(paperId, papers);
        expectCost((before - gasleft()) / (count * asks.length), most, "gas an answer", name);
        for (uint256 voter; voter < VOTERS; ++voter) {
            vm.assertTrue(stakeOf(voter) == 0 || box.markOf(paperId, voter + 1) != 0, "counted");
        }
    }

    function batch(uint256 signer) private view returns (bytes memory all, uint256 count) {
        for (uint256 voter; voter < VOTERS; ++voter) {
            if (stakeOf(voter) == 0) continue;
            Sheet memory s;
            (s.paper, s.weight, s.seat, s.sequence) = (paperId, "Votes at the opening", uint32(voter + 1), 1);
            s.answers = new uint256[][](asks.length);
            for (uint256 i; i < asks.length; ++i) {
                uint256 choice = 1 + ((voter + i) % 3);
                bool isRanked = asks[i].kind == IPolls.Kind.Ranked;
                s.answers[i] = isRanked ? three(choice, 1 + (choice % 3), 1 + ((choice + 1) % 3)) : only(choice);
            }
            all = bytes.concat(all, paperRecord(s, markOf(s), keyOf(signer == 0 ? voter : signer)));
            ++count;
        }
    }
}

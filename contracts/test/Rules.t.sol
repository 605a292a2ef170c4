// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {AutoDaoFactory} from "../src/dao/AutoDaoFactory.sol";
import {Agents, Rules} from "../src/dao/Rules.sol";
import {ICharter} from "../src/interfaces/ICharter.sol";
import {IBallotCounter} from "../src/interfaces/IBallotCounter.sol";
import {Ruled} from "./Ruled.sol";
import {Vm} from "./Vm.sol";

contract RulesTest is Ruled {
    bytes32 private constant VOTE_TYPE =
        keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");

    function setUp() public {
        layRuledGround();
    }

    function test_a_square_root_is_of_whole_tokens_and_the_same_in_every_way_to_vote() public {
        openUnder(root());
        dao.castBallots(proposal, ballot(proposal, 8, 1, 2));
        expectVotes(0, rootOf(stake[8] * 1e18), 0);
        castAs(15, 1);
        dao.castVoteBySig(proposal, 1, accountOf(22), signedVote(22, 1));
        expectVotes(0, rootOf(stake[8] * 1e18) + rootOf(stake[15] * 1e18) + rootOf(stake[22] * 1e18), 0);
        // Nine tokens and a hair weigh three votes and a hair.
        vm.assertEq(dao.getVotes(accountOf(8), time() - 1) / 1e9, 3e9, "root of nine");
    }

    function test_a_cap_is_of_one_id_in_tokens_or_in_a_share_of_the_supply() public {
        openUnder(capped(5e18, 0));
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 1, 1, 2), ballot(proposal, 30, 1, 1)));
        expectVotes(5e18, stake[1], 0);
        AutoDaoFactory.DaoParams memory p = ruledParams(capped(0, 200));
        p.salt = "share";
        makeDao(p);
        dao.enrol(list(1, ALL));
        proposal = openProposal();
        castAs(30, 0);
        expectVotes(supply() / 50, 0, 0);
    }

    function test_who_has_no_seat_at_the_snapshot_has_no_weight_under_rules() public {
        makeDao(ruledParams(root()));
        dao.enrol(list(1, 5));
        proposal = openProposal();
        dao.enrol(list(6, 1));
        refused(5, ICharter.NoSeat.selector);
        refused(NOBODY, ICharter.NoSeat.selector);
        castAs(4, 1);
    }

    function test_who_has_no_live_auto_id_has_no_weight_under_rules() public {
        openUnder(root());
        end(1);
        refused(1, ICharter.NotLive.selector);
        vm.assertEq(dao.check(proposal, ballot(proposal, 1, 1, 2)), hex"05", "by ballot");
        end(0);
        refused(AGENT, ICharter.NotLive.selector);
    }

    function test_forbidden_agents_vote_in_no_way() public {
        openUnder(agents(Agents.Forbidden, 0));
        refused(AGENT, ICharter.AgentsForbidden.selector);
        bytes memory signed = signedVote(AGENT, 1);
        address account = accountOf(AGENT);
        vm.expectRevert(ICharter.AgentsForbidden.selector);
        dao.castVoteBySig(proposal, 1, account, signed);
        vm.assertEq(dao.check(proposal, ballot(proposal, AGENT, 1, 2)), hex"04", "by ballot");
        Paperless memory alone = paperless(AGENT);
        vm.expectRevert(abi.encodeWithSelector(IBallotCounter.BallotRefused.selector, uint8(4)));
        dao.castBallot(proposal, alone.seat, 0x12, 0, account, alone.signed);
        castAs(1, 1);
        expectVotes(0, stake[1], 0);
    }

    function test_an_advising_agent_is_heard_and_weighs_nothing() public {
        openUnder(agents(Agents.Advisory, 0));
        vm.assertEq(dao.check(proposal, ballot(proposal, AGENT, 1, 2)), hex"04", "by ballot");
        vm.recordLogs();
        castAs(AGENT, 1);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs[0].topics[0], IGovernor.VoteCast.selector, "heard");
        vm.assertEq(logs[0].data, abi.encode(proposal, uint8(1), uint256(0), ""), "weighs nothing");
        expectVotes(0, 0, 0);
        address account = accountOf(AGENT);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, account));
        dao.castVote(proposal, 0);
    }

    function test_a_capped_agent_weighs_at_most_its_share_and_people_all_they_have() public {
        openUnder(agents(Agents.Capped, 100));
        castAs(AGENT, 1);
        castAs(39, 0);
        expectVotes(stake[39], supply() / 100, 0);
    }

    function test_only_a_score_that_is_high_and_young_enough_lets_vote() public {
        openUnder(scored(50, 30));
        vm.expectRevert(abi.encodeWithSelector(ICharter.ScoreTooLow.selector, uint8(0)));
        dao.getVotes(accountOf(1), time() - 1);
        attest(1, 49);
        refused(1, ICharter.ScoreTooLow.selector);
        attest(1, 50);
        castAs(1, 1);
        expectVotes(0, stake[1], 0);
        attest(2, 100);
        vm.warp(time() + 31 days + 1);
        proposal = propose("# Buy a boat\n\nAgain.");
        vm.warp(dao.proposalSnapshot(proposal) + 1);
        refused(2, ICharter.ScoreTooLow.selector);
        attest(2, 100);
        castAs(2, 1);
    }

    function test_a_lost_score_neither_takes_a_vote_back_nor_lets_change_it() public {
        openUnder(scored(50, 0));
        attest(1, 50);
        dao.castBallots(proposal, ballot(proposal, 1, 1, 2));
        attest(1, 49);
        vm.assertEq(dao.check(proposal, ballot(proposal, 1, 2, 1)), hex"04", "by ballot");
        refused(1, ICharter.ScoreTooLow.selector);
        expectVotes(0, stake[1], 0);
        attest(1, 51);
        castAs(1, 0);
        expectVotes(stake[1], 0, 0);
    }

    function test_a_new_id_for_an_account_does_not_make_its_vote_another() public {
        openUnder(agents(Agents.Capped, 1));
        dao.castBallots(proposal, ballot(proposal, 30, 1, 2));
        end(30);
        uint256 id = registerAs(30, 3, 1, 0);
        refused(30, ICharter.NotLive.selector);
        dao.enrol(list(id, 1));
        refused(30, ICharter.NoSeat.selector);
        expectVotes(0, stake[30], 0);
    }

    function test_new_rules_hold_for_later_snapshots_only() public {
        openUnder(capped(5e18, 0));
        dao.castBallots(proposal, ballot(proposal, 30, 1, 2));
        setRules(root());
        castAs(30, 0);
        expectVotes(5e18, 0, 0);
        uint256 old = proposal;
        vm.warp(time() + 1);
        proposal = propose("# Sell the boat");
        vm.warp(dao.proposalSnapshot(proposal) + 1);
        castAs(30, 1);
        expectVotes(0, rootOf(stake[30] * 1e18), 0);
        vm.assertEq(uint8(charter.rulesAt(address(dao), dao.proposalSnapshot(old)).transform), 2, "then");
    }

    function test_a_plain_dao_comes_under_rules_by_its_own_vote_and_votes_under_way_weigh_what_they_did() public {
        makeDao(ruledParams(noRules()));
        dao.enrol(list(1, ALL));
        proposal = openProposal();
        uint256 first = proposal;
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 39, 1, 2), ballot(proposal, 38, 1, 2)));
        vm.warp(time() + 1);
        (address[] memory to, uint256[] memory values, bytes[] memory calls) = (
            new address[](2),
            new uint256[](2),
            new bytes[](2)
        );
        (to[0], calls[0]) = (address(dao), abi.encodeCall(dao.setCounting, (true, true)));
        (to[1], calls[1]) = (address(charter), abi.encodeCall(charter.setRules, (address(dao), root())));
        uint256 change = dao.propose(to, values, calls, TITLE);
        vm.warp(dao.proposalSnapshot(change) + 1);
        dao.castBallots(change, bytes.concat(ballot(change, 37, 1, 2), ballot(change, 39, 1, 2)));
        vm.warp(dao.proposalDeadline(change) + 1);
        dao.queue(to, values, calls, keccak256(bytes(TITLE)));
        vm.warp(time() + 1 hours);
        dao.execute(to, values, calls, keccak256(bytes(TITLE)));
        vm.assertTrue(dao.ruled(), "ruled");
        vm.assertEq(dao.getVotes(accountOf(39), dao.proposalSnapshot(first)), stake[39], "under way");
        vm.assertEq(dao.quorum(dao.proposalSnapshot(first)), (supply() * 4) / 100, "its quorum");
        vm.warp(time() + 1);
        vm.assertEq(dao.getVotes(accountOf(39), time() - 1), rootOf(stake[39] * 1e18), "from now on");
    }

    function test_rules_never_end_but_may_be_plain() public {
        openUnder(root());
        vm.prank(address(timelock));
        (bool ok, ) = address(dao).call(abi.encodeCall(dao.setCounting, (false, false)));
        vm.assertFalse(ok, "without a vote, not even the timelock");
        setRules(noRules());
        vm.warp(time() + 1);
        vm.assertEq(dao.getVotes(accountOf(NOBODY), time() - 1), stake[NOBODY], "plain");
    }

    function test_nobody_but_the_dao_writes_its_charter() public {
        openUnder(root());
        AutoDaoFactory.DaoParams memory p = ruledParams(noRules());
        p.salt = "plain";
        (address d, address l, ) = factory.create(p);
        Rules memory r = noRules();
        vm.expectRevert(ICharter.NotTheDao.selector);
        charter.setRules(address(dao), r);
        vm.expectRevert(ICharter.NotTheDao.selector);
        charter.setAiFeatures(address(dao), 0, "");
        vm.prank(l);
        vm.expectRevert(ICharter.NotTheDao.selector);
        charter.setRules(address(dao), r);
        vm.prank(l);
        vm.expectRevert(ICharter.NotRuled.selector);
        charter.setRules(d, r);
        vm.expectRevert();
        dao.setCounting(false, true);
    }

    function test_rules_that_mean_nothing_are_refused() public {
        Rules memory r = root();
        r.cap = 1;
        invalid(r, ICharter.BadCap.selector);
        invalid(capped(0, 0), ICharter.BadCap.selector);
        invalid(capped(1, 1), ICharter.BadCap.selector);
        invalid(capped(0, 10_001), ICharter.BadCap.selector);
        invalid(agents(Agents.Capped, 0), ICharter.BadAgentShare.selector);
        invalid(agents(Agents.Capped, 10_001), ICharter.BadAgentShare.selector);
        invalid(agents(Agents.Advisory, 1), ICharter.BadAgentShare.selector);
        invalid(scored(101, 0), ICharter.BadScore.selector);
        invalid(scored(0, 0), ICharter.BadScore.selector);
        r = root();
        r.topic = TOPIC;
        invalid(r, ICharter.BadScore.selector);
        r = scored(1, 0);
        r.attestor = 1;
        invalid(r, ICharter.NotAnAttestor.selector);
        end(ATTESTOR);
        invalid(scored(1, 0), ICharter.NotAnAttestor.selector);
    }

    function test_ai_features_are_a_hash_and_words_and_change_by_the_dao() public {
        AutoDaoFactory.DaoParams memory p = ruledParams(noRules());
        (p.promptHash, p.aiFeatures) = (keccak256("prompts"), "summary, translation");
        vm.recordLogs();
        makeDao(p);
        vm.assertFalse(dao.ruled(), "plain all the same");
        vm.assertEq(charter.promptHash(address(dao)), keccak256("prompts"), "hash");
        vm.assertTrue(said(abi.encode(keccak256("prompts"), "summary, translation")), "said");
        vm.prank(address(timelock));
        charter.setAiFeatures(address(dao), 0, "");
        vm.assertEq(charter.promptHash(address(dao)), 0, "none");
    }

    function test_more_is_not_asked_of_a_proposer_than_one_voter_can_weigh() public {
        AutoDaoFactory.DaoParams memory p = ruledParams(capped(5e18, 0));
        p.proposalThreshold = 5e18 + 1;
        vm.expectRevert(AutoDaoFactory.BadThreshold.selector);
        factory.create(p);
        p.proposalThreshold = 5e18;
        factory.create(p);
    }

    /// Whoever together hold the quorum's percent of the tokens make it, whatever the transform; so rules never put it out of
    /// reach.
    function testFuzz_a_crowd_with_the_quorums_tokens_always_makes_the_quorum(uint256 seed, uint256 first) public {
        Rules memory r = someRules(seed);
        (r.agents, r.agentShare, r.attestor, r.minScore, r.topic) = (Agents.Equal, 0, 0, 0, 0);
        openUnder(r);
        uint256 needed = (supply() * dao.quorumNumerator() + 99) / 100;
        (uint256 tokens, uint256 weight) = (0, 0);
        for (uint256 i; i < VOTERS && tokens < needed; ++i) {
            uint256 voter = (first % VOTERS + i) % VOTERS;
            tokens += stake[voter];
            weight += modelWeight(r, voter);
            castAs(voter, i % 2 == 0 ? 1 : 2);
        }
        (, uint256 inFavour, uint256 abstain) = sum();
        vm.assertEq(inFavour + abstain, weight, "weight");
        vm.assertLe(dao.quorum(dao.proposalSnapshot(proposal)), weight, "quorum");
        vm.assertEq(dao.quorum(dao.proposalSnapshot(proposal)), modelTransform(r, (supply() * 4) / 100), "as one voter");
    }

    function setRules(Rules memory r) private {
        vm.prank(address(timelock));
        charter.setRules(address(dao), r);
    }

    function noRules() private pure returns (Rules memory r) {}

    function invalid(Rules memory r, bytes4 why) private {
        AutoDaoFactory.DaoParams memory p = ruledParams(r);
        vm.expectRevert(why);
        charter.validate(r);
        if (isPlain(r)) return;
        vm.expectRevert(why);
        factory.create(p);
    }

    function refused(uint256 voter, bytes4 why) private {
        address account = accountOf(voter);
        vm.prank(account);
        try dao.castVote(proposal, 1) {
            vm.assertTrue(false, "voted");
        } catch (bytes memory reason) {
            vm.assertEq(bytes32(bytes4(reason)), bytes32(why), "reason");
        }
    }

    function said(bytes memory data) private returns (bool) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != ICharter.AiFeaturesSet.selector) continue;
            return keccak256(logs[i].data) == keccak256(data);
        }
        return false;
    }

    struct Paperless {
        uint32 seat;
        bytes signed;
    }

    /// A ballot that comes alone, with the signature apart.
    function paperless(uint256 voter) private view returns (Paperless memory) {
        bytes32 digest = digestOf(daoDomain(), paper(proposal, voter + 1, 1, 2));
        return Paperless(uint32(voter + 1), signature(keyOf(voter), digest));
    }

    function signedVote(uint256 voter, uint8 support) private view returns (bytes memory) {
        address account = accountOf(voter);
        uint256 nonce = dao.nonces(account, uint192(proposal));
        bytes32 structHash = keccak256(abi.encode(VOTE_TYPE, proposal, support, account, nonce));
        return signature(keyOf(voter), typed(daoDomain(), structHash));
    }

    function expectVotes(uint256 against, uint256 inFavour, uint256 abstain) private view {
        (uint256 a, uint256 f, uint256 z) = sum();
        vm.assertEq(a, against, "against");
        vm.assertEq(f, inFavour, "for");
        vm.assertEq(z, abstain, "abstain");
    }
}

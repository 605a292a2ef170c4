// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {AutoDao} from "../src/dao/AutoDao.sol";
import {AutoDaoFactory} from "../src/dao/AutoDaoFactory.sol";
import {AutoDaoTimelock} from "../src/dao/AutoDaoTimelock.sol";
import {AutoDaoToken} from "../src/dao/AutoDaoToken.sol";
import {HostileTarget, HostileToken} from "./Hostile.sol";
import {World} from "./World.sol";

/// From a proposal to its execution, and the ways around that are closed.
contract GovernanceTest is World {
    address internal constant GUARDIAN = address(0x6a);
    string internal constant MINT = "# Buy a boat";
    uint256 internal proposal;

    function setUp() public {
        layGround();
        AutoDaoFactory.DaoParams memory p = params(false);
        p.guardian = GUARDIAN;
        (address d, address l, address t) = factory.create(p);
        dao = AutoDao(payable(d));
        token = AutoDaoToken(t);
        timelock = AutoDaoTimelock(payable(l));
        dao.enrol(list(1, VOTERS));
        vm.warp(time() + 1);
    }

    function test_what_was_voted_for_is_done_after_the_delay_by_anyone() public {
        proposal = proposeMint(7);
        pass();
        (address[] memory to, uint256[] memory values, bytes[] memory calls, bytes32 hash) = mint(7);
        vm.expectRevert();
        dao.execute(to, values, calls, hash);
        dao.queue(to, values, calls, hash);
        vm.warp(time() + 1 hours - 1);
        vm.expectRevert();
        dao.execute(to, values, calls, hash);
        vm.warp(time() + 1);
        dao.execute(to, values, calls, hash);
        vm.assertEq(token.balanceOf(address(0xb0a7)), 7, "minted");
    }

    function test_nobody_goes_around_the_vote() public {
        (address[] memory to, uint256[] memory values, bytes[] memory calls, ) = mint(7);
        vm.expectRevert(AutoDaoToken.OnlyTimelock.selector);
        token.mint(address(this), 1);
        vm.expectRevert();
        timelock.schedule(to[0], 0, calls[0], 0, 0, 1 hours);
        vm.expectRevert();
        timelock.scheduleBatch(to, values, calls, 0, 0, 1 hours);
        vm.expectRevert();
        timelock.execute(to[0], 0, calls[0], 0, 0);
        vm.expectRevert();
        timelock.updateDelay(0);
        vm.expectRevert();
        dao.relay(to[0], 0, calls[0]);
        vm.expectRevert();
        dao.setVotingPeriod(1);
        vm.expectRevert();
        dao.updateQuorumNumerator(0);
        vm.expectRevert();
        dao.setLateQuorumVoteExtension(0);
        vm.expectRevert();
        dao.setProposalGuardian(address(this));
        vm.expectRevert();
        dao.updateTimelock(timelock);
        vm.expectRevert();
        dao.setCounting(true, false);
    }

    function test_nobody_holds_a_role_but_the_dao() public view {
        bytes32[3] memory roles = [timelock.PROPOSER_ROLE(), timelock.EXECUTOR_ROLE(), timelock.CANCELLER_ROLE()];
        address[4] memory others = [address(this), address(factory), GUARDIAN, address(timelock)];
        IAccessControl access = IAccessControl(address(timelock));
        for (uint256 i; i < others.length; ++i) {
            for (uint256 j; j < roles.length; ++j) {
                if (roles[j] != timelock.EXECUTOR_ROLE()) vm.assertFalse(access.hasRole(roles[j], others[i]), "role");
            }
            bool isAdmin = access.hasRole(timelock.DEFAULT_ADMIN_ROLE(), others[i]);
            vm.assertTrue(isAdmin == (others[i] == address(timelock)), "admin");
        }
        vm.assertTrue(access.hasRole(timelock.PROPOSER_ROLE(), address(dao)), "the dao proposes");
        vm.assertTrue(access.hasRole(timelock.CANCELLER_ROLE(), address(dao)), "the dao cancels");
    }

    function test_a_lower_quorum_does_not_bring_a_defeated_proposal_back() public {
        proposal = proposeMint(7);
        vm.warp(dao.proposalSnapshot(proposal) + 1);
        dao.castBallots(proposal, ballot(proposal, 1, 1, 2));
        vm.warp(dao.proposalDeadline(proposal) + 1);
        vm.assertEq(uint8(dao.state(proposal)), uint8(IGovernor.ProposalState.Defeated), "defeated");
        lowerQuorumByVote();
        vm.assertEq(dao.quorumNumerator(), 0, "lowered");
        vm.warp(time() + 1 days);
        vm.assertEq(uint8(dao.state(proposal)), uint8(IGovernor.ProposalState.Defeated), "still defeated");
    }

    function test_a_copied_proposal_with_the_proposers_name_fails_for_anybody_else() public {
        (address[] memory to, uint256[] memory values, bytes[] memory calls, ) = mint(7);
        string memory text = string.concat(MINT, "#proposer=", addressText(accountOf(1)));
        vm.prank(accountOf(2));
        vm.expectRevert();
        dao.propose(to, values, calls, text);
        vm.prank(accountOf(1));
        dao.propose(to, values, calls, text);
    }

    function test_the_guardian_cancels_and_can_do_nothing_else() public {
        proposal = proposeMint(7);
        (address[] memory to, uint256[] memory values, bytes[] memory calls, bytes32 hash) = mint(7);
        vm.warp(dao.proposalSnapshot(proposal) + 1);
        vm.prank(accountOf(3));
        vm.expectRevert();
        dao.cancel(to, values, calls, hash);
        vm.prank(GUARDIAN);
        dao.cancel(to, values, calls, hash);
        vm.assertEq(uint8(dao.state(proposal)), uint8(IGovernor.ProposalState.Canceled), "cancelled");
        bytes memory one = ballot(proposal, 1, 1, 2);
        vm.expectRevert();
        dao.castBallots(proposal, one);
    }

    function test_a_proposal_says_in_its_first_line_what_it_is() public {
        (address[] memory to, uint256[] memory values, bytes[] memory calls, ) = mint(7);
        vm.expectRevert();
        dao.propose(to, values, calls, " \n\t# \n");
        uint256 id = dao.propose(to, values, calls, "\n\n ## Buy a boat  \r\nand more");
        vm.assertEq(dao.titleHash(id), keccak256("Buy a boat"), "title");
    }

    function test_a_token_that_fails_for_one_voter_harms_no_other() public {
        HostileToken hostile = new HostileToken();
        AutoDaoFactory.DaoParams memory p = params(false);
        (p.token, p.holders, p.amounts, p.salt) = (address(hostile), new address[](0), new uint256[](0), "hostile");
        (address d, , ) = factory.create(p);
        dao = AutoDao(payable(d));
        dao.enrol(list(1, VOTERS));
        proposal = openProposal();
        bytes memory three = bytes.concat(
            ballot(proposal, 1, 1, 2),
            ballot(proposal, 2, 1, 2),
            ballot(proposal, 3, 1, 2)
        );
        hostile.set(HostileToken.Mood.Reverts, accountOf(2));
        vm.assertEq(dao.check(proposal, three), hex"000400", "reverts");
        hostile.set(HostileToken.Mood.ReturnsNothing, accountOf(2));
        vm.assertEq(dao.check(proposal, three), hex"000400", "returns nothing");
        hostile.reenter(dao, proposal, three);
        dao.castBallots(proposal, ballot(proposal, 1, 1, 2));
        hostile.set(HostileToken.Mood.TooMuch, accountOf(2));
        dao.castBallots(proposal, three);
        (uint256 against, uint256 inFavour, uint256 abstain) = dao.proposalVotes(proposal);
        vm.assertEq(inFavour, 2e18 + uint256(type(uint96).max), "at most what a record holds");
        vm.assertEq(against + abstain, 0, "nothing spills over");
    }

    function test_who_is_paid_by_a_proposal_cannot_have_it_executed_again() public {
        HostileTarget target = new HostileTarget();
        (address[] memory to, uint256[] memory values, bytes[] memory calls, bytes32 hash) = mint(0);
        (to[0], values[0], calls[0]) = (address(target), 1 ether, "");
        vm.deal(address(timelock), 2 ether);
        proposal = dao.propose(to, values, calls, MINT);
        pass();
        dao.queue(to, values, calls, hash);
        vm.warp(time() + 1 hours);
        target.set(address(dao), abi.encodeCall(dao.execute, (to, values, calls, hash)));
        dao.execute(to, values, calls, hash);
        vm.assertEq(target.paid(), 1, "paid once");
        vm.assertEq(address(timelock).balance, 1 ether, "the rest stays");
        vm.expectRevert();
        dao.execute(to, values, calls, hash);
    }

    function test_a_delay_is_shortened_by_a_vote_alone_and_not_for_what_waits_already() public {
        (address[] memory to, uint256[] memory values, bytes[] memory calls, bytes32 hash) = mint(0);
        (to[0], calls[0]) = (address(timelock), abi.encodeCall(timelock.updateDelay, (0)));
        proposal = dao.propose(to, values, calls, MINT);
        pass();
        dao.queue(to, values, calls, hash);
        uint256 eta = dao.proposalEta(proposal);
        vm.assertEq(eta, time() + 1 hours, "waits");
        vm.warp(eta);
        dao.execute(to, values, calls, hash);
        vm.assertEq(timelock.getMinDelay(), 0, "shortened");
    }

    function lowerQuorumByVote() private {
        (address[] memory to, uint256[] memory values, bytes[] memory calls, ) = mint(0);
        (to[0], calls[0]) = (address(dao), abi.encodeCall(dao.updateQuorumNumerator, (0)));
        uint256 defeated = proposal;
        proposal = dao.propose(to, values, calls, MINT);
        pass();
        dao.queue(to, values, calls, keccak256(bytes(MINT)));
        vm.warp(time() + 1 hours);
        dao.execute(to, values, calls, keccak256(bytes(MINT)));
        proposal = defeated;
    }

    function pass() private {
        vm.warp(dao.proposalSnapshot(proposal) + 1);
        dao.castBallots(proposal, bytes.concat(ballot(proposal, 37, 1, 2), ballot(proposal, 39, 1, 2)));
        vm.warp(dao.proposalDeadline(proposal) + 1);
    }

    function mint(
        uint256 amount
    ) private view returns (address[] memory to, uint256[] memory values, bytes[] memory calls, bytes32 hash) {
        (to, values, calls) = (new address[](1), new uint256[](1), new bytes[](1));
        (to[0], calls[0]) = (address(token), abi.encodeCall(AutoDaoToken.mint, (address(0xb0a7), amount)));
        hash = keccak256(bytes(MINT));
    }

    function proposeMint(uint256 amount) private returns (uint256) {
        (address[] memory to, uint256[] memory values, bytes[] memory calls, ) = mint(amount);
        return dao.propose(to, values, calls, MINT);
    }

    function addressText(address account) private pure returns (string memory) {
        bytes16 digits = "0123456789abcdef";
        bytes memory text = new bytes(42);
        (text[0], text[1]) = ("0", "x");
        for (uint256 i; i < 40; ++i) text[41 - i] = digits[(uint160(account) >> (4 * i)) & 15];
        return string(text);
    }
}
